import fc from "fast-check";
import { expect, test } from "vitest";
import { uuidFromName } from "../../../../src/core/ids.ts";
import { createIdSource, VirtualClock } from "../../../../src/index.ts";
import type { Job, JobStatus } from "../../../../src/opik/runners/jobs/schema.ts";
import { OpikError } from "../../../../src/opik/wire/errors.ts";
import { createOpikLocal, type OpikLocalParts } from "../../../../src/server.ts";

const OWNER = { workspace: "default", user: "admin" };
const PROJECT = uuidFromName("project");
const MAX_PENDING = 4;
const POLL_TIMEOUT_MS = 10_000;

/** The allowed changes of status [opik 3.2]; back to `pending` only when an answer was not read. */
const MAY_FOLLOW: Readonly<Record<JobStatus | "new", readonly JobStatus[]>> = {
  new: ["pending"],
  pending: ["running", "completed", "failed", "cancelled"],
  running: ["pending", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

const REPORTS = ["running", "completed", "failed"] as const;
const AUDIENCES = [undefined, ["jobs"], ["jobs", "bridge"]] as const;

type Step =
  | { do: "create" }
  | { do: "poll" }
  | { do: "leave"; poll: number }
  | { do: "lose the answer"; job: number }
  | { do: "report"; job: number; status: (typeof REPORTS)[number] }
  | { do: "log"; job: number }
  | { do: "cancel"; job: number }
  | { do: "beat"; audience: number }
  | { do: "evict" }
  | { do: "pass time"; ms: number };

const job = fc.nat(15);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("create" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("poll" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), poll: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose the answer" as const), job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("report" as const), job, status: fc.constantFrom(...REPORTS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("log" as const), job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("beat" as const), audience: fc.nat(AUDIENCES.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evict" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pass time" as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
);

interface Poll {
  runnerId: string;
  client: AbortController;
  /** The job it got; `undefined` while it waits and when it got none. */
  job?: string | undefined;
  over: boolean;
}

/** A server, and what its clients know of it: replayed from the events alone. */
class Model {
  readonly clock = new VirtualClock();
  readonly server: OpikLocalParts;
  readonly polls: Poll[] = [];
  /** Ids in the order of their creation. */
  readonly created: string[] = [];
  readonly #status = new Map<string, JobStatus>();
  readonly #runnerOf = new Map<string, string>();
  /** Ids in the order in which they were assigned, by runner. */
  readonly #handedOut = new Map<string, string[]>();
  /** Jobs that were cancelled while they ran, and the audiences to which that was reported. */
  readonly #reported = new Map<string, Set<string>>();
  #runners = 0;
  #losing = false;

  constructor() {
    this.server = createOpikLocal({
      config: { database: ":memory:", maxPendingJobsPerRunner: MAX_PENDING, nextJobPollTimeoutMs: POLL_TIMEOUT_MS },
      clock: this.clock,
      ids: createIdSource(this.clock, "jobs"),
    });
    this.server.events.on("job:status:changed", ({ job, from }) => this.#follow(job, from));
    this.activate();
  }

  get runnerId(): string {
    return uuidFromName(`runner ${this.#runners}`);
  }

  activate(): void {
    this.#runners += 1;
    const { runners } = this.server.opik;
    runners.activate(OWNER, { id: this.runnerId, projectId: PROJECT, type: "endpoint", name: "laptop" });
    runners.registerAgents(OWNER, this.runnerId, new Map([["echo", { timeout: 60 } as never]]));
  }

  status(id: string): JobStatus {
    return this.#status.get(id)!;
  }

  /** Whether the owner can still see it: its runner is there. */
  isVisible(id: string): boolean {
    return this.#runnerOf.get(id) === this.runnerId;
  }

  pendingOf(runnerId: string): string[] {
    return this.created.filter((id) => this.#runnerOf.get(id) === runnerId && this.status(id) === "pending");
  }

  /** The poll's answer to this job is lost. */
  lose(id: string): void {
    this.#losing = true;
    this.server.opik.jobs.takeBack(id);
    this.#losing = false;
  }

  /** What no client has acknowledged goes back to its queue. */
  async stop(): Promise<void> {
    this.#losing = true;
    await this.server.stop();
  }

  poll(): void {
    const poll: Poll = { runnerId: this.runnerId, client: new AbortController(), over: false };
    this.polls.push(poll);
    void this.server.opik.jobs.next(OWNER, poll.runnerId, poll.client.signal).then((job) => {
      poll.over = true;
      poll.job = job?.id;
    });
  }

  /** A cancellation is reported to each audience once, and only for jobs that were cancelled while they ran. */
  beat(capabilities: readonly string[] | undefined): void {
    const request = { capabilities: capabilities === undefined ? undefined : [...capabilities] };
    const { cancelled_job_ids } = this.server.opik.heartbeats.beat(OWNER, this.runnerId, request);
    for (const id of cancelled_job_ids) {
      const reported = this.#reported.get(id);
      expect(reported, "only jobs that ran when they were cancelled are reported").toBeDefined();
      expect(this.isVisible(id)).toBe(true);
      expect(reported, "no audience receives a cancellation twice").not.toContain(String(capabilities));
      reported?.add(String(capabilities));
    }
  }

  /** What must hold after every step. */
  check(): void {
    expect(this.pendingOf(this.runnerId).length).toBeLessThanOrEqual(MAX_PENDING);
    for (const id of this.created.filter((id) => this.isVisible(id)))
      expect(this.server.opik.jobs.get(OWNER, id).status, "the stored status is the reported one").toBe(
        this.status(id),
      );
    const waiting = this.polls.filter(({ over }) => !over).length;
    expect(this.server.openPolls.count).toBe(waiting);
    const canBeServed = waiting > 0 ? this.pendingOf(this.runnerId) : [];
    expect(canBeServed, "no poll waits while a job waits").toEqual([]);
  }

  /** What must hold when all polls are over. */
  checkPolls(): void {
    for (const [runnerId, handedOut] of this.#handedOut) {
      const got = this.polls.filter((poll) => poll.runnerId === runnerId).map((poll) => poll.job);
      expect(
        got.filter((id) => id !== undefined),
        "each hand-out reached one poll, first come, first served",
      ).toEqual(handedOut);
    }
    expect(this.server.openPolls.count).toBe(0);
  }

  #follow(job: Job, from: JobStatus | undefined): void {
    expect(from, "an event has the job's earlier status").toBe(this.#status.get(job.id));
    expect(MAY_FOLLOW[from ?? "new"]).toContain(job.status);
    if (from === "running" && job.status === "pending") expect(this.#losing, "only a lost answer is undone").toBe(true);
    if (from === undefined) {
      this.created.push(job.id);
      this.#runnerOf.set(job.id, job.runner_id);
    }
    if (job.status === "running") {
      expect(this.pendingOf(job.runner_id)[0], "the oldest job is assigned").toBe(job.id);
      this.#handedOut.set(job.runner_id, [...(this.#handedOut.get(job.runner_id) ?? []), job.id]);
    }
    if (from === "running" && job.status === "cancelled") this.#reported.set(job.id, new Set());
    this.#status.set(job.id, job.status);
  }
}

/** The status that a client would receive: that of the error, or 200. */
function statusOf(call: () => unknown): number {
  try {
    call();
  } catch (error) {
    if (error instanceof OpikError) return error.status;
    throw error;
  }
  return 200;
}

async function take(step: Step, model: Model): Promise<void> {
  const { jobs, runners } = model.server.opik;
  const id = "job" in step ? model.created[step.job] : undefined;
  const found = id !== undefined && model.isVisible(id) ? 200 : 404;
  switch (step.do) {
    case "create": {
      const connected = runners.isConnected(runners.require(OWNER, model.runnerId));
      const full = model.pendingOf(model.runnerId).length >= MAX_PENDING;
      const outcome = statusOf(() => jobs.create(OWNER, { agent_name: "echo", project_id: PROJECT } as never));
      expect(outcome).toBe(connected ? (full && 429) || 200 : 409);
      break;
    }
    case "poll":
      model.poll();
      break;
    case "leave":
      model.polls.filter(({ over }) => !over)[step.poll]?.client.abort();
      break;
    case "lose the answer":
      if (id !== undefined) model.lose(id);
      break;
    case "report":
      if (id !== undefined)
        expect(statusOf(() => jobs.report(OWNER, id, { status: step.status } as never))).toBe(found);
      break;
    case "log":
      if (id !== undefined) {
        expect(statusOf(() => jobs.appendLogs(OWNER, id, [{ stream: "stdout", text: "x" }]))).toBe(found);
      }
      break;
    case "cancel":
      if (id !== undefined) {
        expect(statusOf(() => jobs.cancel(OWNER, id))).toBe(found);
        if (found === 200) expect(MAY_FOLLOW[model.status(id)], "a cancelled job has ended").toEqual([]);
      }
      break;
    case "beat":
      model.beat(AUDIENCES[step.audience]);
      break;
    case "evict": {
      const evicted = model.created.filter((id) => model.isVisible(id));
      model.activate();
      for (const id of evicted) expect(MAY_FOLLOW[model.status(id)], "a job ends with its runner").toEqual([]);
      break;
    }
    case "pass time":
      await model.clock.advance(step.ms);
      break;
  }
  // Open polls are served in the next turn of the event loop.
  await new Promise(setImmediate);
}

test("any sequence of calls and of time hands each job out once, in order, to a poll that reads it, and ends it for good", async () => {
  const errors: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = new Model();
      model.server.events.on("server:error", ({ error }) => errors.push(error));
      try {
        for (const next of steps) {
          await take(next, model);
          model.check();
        }
        await model.clock.advance(POLL_TIMEOUT_MS);
        model.checkPolls();
        // An error that a listener throws, as the checks of the model do, is reported by an event.
        expect(errors.splice(0)).toEqual([]);
      } finally {
        await model.stop();
      }
    }),
    { numRuns: 150 },
  );
});
