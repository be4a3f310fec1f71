import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { describe, expect, onTestFinished, test } from "vitest";
import { uuidFromName } from "../../src/core/ids.ts";
import { createJobRequest, type Job, type JobStatus } from "../../src/opik/runners/jobs/schema.ts";
import { registerAgentsRequest } from "../../src/opik/runners/schema.ts";
import { createOpikLocal, type OpikLocalParts } from "../../src/server.ts";
import type { Assignment, Harvest } from "./pollers.ts";

const OWNER = { workspace: "default", user: "admin" };
const RUNNERS = 200;
const POLLERS_PER_RUNNER = 2;
const JOBS_PER_RUNNER = 10;
/** For processes that have to start first. */
const PATIENCE = { timeout: 10_000 };

describe("jobs and pollers that leave at random moments", () => {
  test("each job reaches one live poller, in order per runner, and none is lost", async () => {
    await using server = createOpikLocal({ config: { port: 0, database: ":memory:" } });
    const watch = new QueueWatch(server, RUNNERS * JOBS_PER_RUNNER);
    const url = await server.listen();
    const pollers = start("./pollers.ts");
    const assignment: Assignment = {
      url,
      ...addRunners(server, RUNNERS),
      pollersPerRunner: POLLERS_PER_RUNNER,
      jobsPerRunner: JOBS_PER_RUNNER,
      abortShare: 1 / 3,
    };
    pollers.send(assignment);
    await watch.allCompleted;
    pollers.send("stop");
    const [harvest] = (await once(pollers, "message")) as [Harvest];

    const created = Object.values(harvest.created).flat();
    expect(created).toHaveLength(RUNNERS * JOBS_PER_RUNNER);
    expect(harvest.read.toSorted(), "every job is read by exactly one poller").toEqual(created.toSorted());
    expect(watch.outOfOrder, "jobs handed out although an older one of the runner waited").toEqual([]);
    for (const [runnerId, ids] of Object.entries(harvest.created)) expect(watch.createdFor(runnerId)).toEqual(ids);

    // Without these two the test would not have met the moments that it is about.
    expect(harvest.aborted).toBeGreaterThan(100);
    expect(watch.takenBack).toBeGreaterThan(10);
  }, 60_000);

  // Windows cannot stop a process and let it be.
  test.skipIf(process.platform === "win32")(
    "jobs handed to a process that froze before it read them go to the next poller when it dies, in order",
    async () => {
      await using server = createOpikLocal({ config: { port: 0, database: ":memory:" } });
      const url = await server.listen();
      const { projectIds, runnerIds } = addRunners(server, 1);
      const watch = new QueueWatch(server, JOBS_PER_RUNNER);
      const assignment = { url, projectIds, runnerIds, jobsPerRunner: 0, abortShare: 0 };
      const frozen = start("./pollers.ts");
      frozen.send({ ...assignment, pollersPerRunner: JOBS_PER_RUNNER });
      await expect.poll(() => server.opik.jobs.openPolls, PATIENCE).toBe(JOBS_PER_RUNNER);
      frozen.kill("SIGSTOP");
      const ids = Array.from({ length: JOBS_PER_RUNNER }, () =>
        server.opik.jobs.create(OWNER, v.parse(createJobRequest, { agent_name: "echo", project_id: projectIds[0]! })),
      );
      await expect.poll(() => server.opik.jobs.openPolls, PATIENCE).toBe(0);

      frozen.kill("SIGKILL");
      await expect.poll(() => watch.takenBack, PATIENCE).toBe(JOBS_PER_RUNNER);
      const alive = start("./pollers.ts");
      alive.send({ ...assignment, pollersPerRunner: 1 });
      await watch.allCompleted;
      alive.send("stop");
      const [harvest] = (await once(alive, "message")) as [Harvest];
      expect(harvest.read).toEqual(ids);
    },
  );
});

function start(script: string): ChildProcess {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), { execArgv: [] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Makes runners that stay connected, each of a project of its own and with the agent `echo`. */
function addRunners(server: OpikLocalParts, count: number): { projectIds: string[]; runnerIds: string[] } {
  const numbers = Array.from({ length: count }, (_, index) => String(index));
  const projectIds = numbers.map((number) => uuidFromName("project", number));
  const runnerIds = numbers.map((number) => uuidFromName("runner", number));
  for (const [index, id] of runnerIds.entries()) {
    server.opik.runners.activate(OWNER, {
      id,
      projectId: projectIds[index]!,
      type: "endpoint",
      name: id,
      keepAlive: true,
    });
    server.opik.runners.registerAgents(OWNER, id, v.parse(registerAgentsRequest, new Map([["echo", {}]])));
  }
  return { projectIds, runnerIds };
}

/** Replays each runner's queue from the events, which tell of every change after it is committed. */
class QueueWatch {
  /** Ids of jobs that were handed out before their turn. */
  readonly outOfOrder: string[] = [];
  /** How many times a job went back to its queue. */
  takenBack = 0;
  /** Resolves when as many jobs as expected are completed. */
  readonly allCompleted: Promise<void>;
  readonly #created = new Map<string, string[]>();
  readonly #waiting = new Map<string, Set<string>>();

  constructor(server: OpikLocalParts, expected: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.allCompleted = promise;
    let completed = 0;
    server.events.on("job:status:changed", ({ job, from }) => {
      this.#replay(job, from);
      if (job.status === "completed") completed += 1;
      if (completed === expected) resolve();
    });
  }

  /** Ids of a runner's jobs in the order of creation. */
  createdFor(runnerId: string): string[] {
    return this.#created.get(runnerId) ?? [];
  }

  #replay(job: Job, from: JobStatus | undefined): void {
    const created = this.#created.get(job.runner_id) ?? [];
    const waiting = this.#waiting.get(job.runner_id) ?? new Set();
    this.#created.set(job.runner_id, created);
    this.#waiting.set(job.runner_id, waiting);
    if (from === undefined) created.push(job.id);
    if (from === "running" && job.status === "pending") this.takenBack += 1;
    if (job.status === "pending") waiting.add(job.id);
    if (job.status === "running") {
      if (created.find((id) => waiting.has(id)) !== job.id) this.outOfOrder.push(job.id);
      waiting.delete(job.id);
    }
  }
}
