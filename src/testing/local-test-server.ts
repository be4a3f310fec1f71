import { isAdvanceable } from "../core/advanceable-clock.ts";
import type { Clock } from "../core/clock.ts";
import { parseDuration } from "../core/durations.ts";
import type { FixtureInput } from "../fixtures/format/input.ts";
import { readFixtureFiles } from "../fixtures/load/files.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { FixtureFile } from "../fixtures/load/source.ts";
import type { LocalEvents } from "../opik-local.ts";
import type { Owner } from "../opik/access/owner.ts";
import { type Job, JOB_STATUSES, type JobStatus } from "../opik/runners/jobs/schema.ts";
import type { OpikLocalParts } from "../server.ts";
import { isTerminal, RUN_STATUSES, type RunStatus } from "../strait/run/state-machine.ts";
import { checkNames } from "./checks.ts";
import { ExecutorSide } from "./executor-side.ts";
import { describeJob, hasJobEnded, isAboutJob, type NewTestJob, type TestJob, toRawJson, toTestJob } from "./jobs.ts";
import {
  describeRun,
  isAboutRun,
  type NewTestExecutorJob,
  type NewTestRun,
  type TestRun,
  type TriggeredRun,
} from "./runs.ts";
import type { Fixtures, TestServer } from "./test-server.ts";
import { waitFor, waitForStatus, type WaitOptions } from "./waits.ts";

/** The test server over a server in the same process. What its methods do is said in `TestServer`. */
export class LocalTestServer implements TestServer {
  readonly server: OpikLocalParts;
  readonly owner: Owner;
  readonly #executorSide: ExecutorSide;
  #isStopped = false;

  constructor(server: OpikLocalParts) {
    this.server = server;
    this.owner = server.tenancy.defaultOwner;
    this.#executorSide = new ExecutorSide(server);
  }

  get clock(): Clock {
    return this.server.clock;
  }

  get url(): string {
    const { url } = this.#running;
    if (url === undefined) throw new Error("The server does not listen: it was started with listen: false.");
    return url;
  }

  get apiUrl(): string {
    return `${this.url}/api`;
  }

  async advance(duration: string | number): Promise<void> {
    const { clock } = this.#running;
    if (!isAdvanceable(clock)) throw new Error('Start with clock: "virtual" to advance the time.');
    const milliseconds = typeof duration === "number" ? duration : parseDuration(duration);
    if (milliseconds === undefined || !(milliseconds >= 0)) {
      throw new Error(`"${duration}" is no duration such as 500ms, 20s or 5m.`);
    }
    await clock.advance(milliseconds);
  }

  seed(fixtures: Fixtures): LoadSummary {
    return this.#running.fixtures.load(toFiles(fixtures));
  }

  createJob(job: NewTestJob): string {
    checkNames(Object.keys(job), ["agent", "project", "inputs"], "field of a job");
    const { agent, project, inputs } = job;
    const { projects, jobs } = this.#running.opik;
    const project_id = projects.idByName(this.owner, project);
    if (project_id === undefined) throw new Error(`There is no project "${project}".`);
    return jobs.create(this.owner, {
      agent_name: agent,
      project_id,
      inputs: inputs === undefined ? undefined : toRawJson(inputs),
      mask_id: undefined,
      prompt_masks: undefined,
      blueprint_name: undefined,
      metadata: undefined,
    });
  }

  jobs(): TestJob[] {
    return this.#running.opik.jobs.all().map((job) => this.#toTestJob(job));
  }

  job(id: string): TestJob | undefined {
    const job = this.#running.opik.jobs.find(id);
    return job && this.#toTestJob(job);
  }

  async waitForJob(
    id: string,
    wanted: JobStatus | ((job: TestJob) => boolean),
    options?: WaitOptions,
  ): Promise<TestJob> {
    return waitForStatus<TestJob>({
      options,
      events: this.#running.events,
      method: this.waitForJob,
      wanted,
      find: () => this.job(id),
      isAbout: (name, payload) => isAboutJob(id, name, payload),
      isEnd: hasJobEnded,
      kind: "job",
      statuses: JOB_STATUSES,
      describe: (job) => describeJob(id, job, job && this.#runnerOf(job)),
    });
  }

  createExecutorJob(job: NewTestExecutorJob): string {
    return this.#executor.createJob(job);
  }

  triggerRun(run: NewTestRun): TriggeredRun {
    return this.#executor.trigger(run);
  }

  runs(): TestRun[] {
    return this.#executor.runs();
  }

  run(id: string): TestRun | undefined {
    return this.#executor.run(id);
  }

  async waitForRun(
    id: string,
    wanted: RunStatus | ((run: TestRun) => boolean),
    options?: WaitOptions,
  ): Promise<TestRun> {
    return waitForStatus<TestRun>({
      options,
      events: this.#running.events,
      method: this.waitForRun,
      wanted,
      find: () => this.run(id),
      isAbout: (name, payload) => isAboutRun(id, name, payload),
      isEnd: isTerminal,
      kind: "run",
      statuses: RUN_STATUSES,
      describe: (run) => describeRun(id, run),
    });
  }

  sendEvent(key: string, payload?: unknown, { project }: { project?: string } = {}): void {
    this.#executor.sendEvent(key, payload, project);
  }

  async waitForEvent<Name extends keyof LocalEvents & string>(
    name: Name,
    predicate: (payload: LocalEvents[Name]) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<LocalEvents[Name]> {
    return waitFor({
      options,
      events: this.#running.events,
      method: this.waitForEvent,
      describe: () => `no such event ${name}`,
      look: (happened, payload) => {
        const matches = happened === name && predicate(payload as LocalEvents[Name]);
        return matches ? (payload as LocalEvents[Name]) : undefined;
      },
    });
  }

  reset(): void {
    this.#running.reset();
  }

  /** @throws Error after `stop` */
  get #running(): OpikLocalParts {
    this.#assertRunning();
    return this.server;
  }

  /** @throws Error after `stop` */
  get #executor(): ExecutorSide {
    this.#assertRunning();
    return this.#executorSide;
  }

  #assertRunning(): void {
    if (this.#isStopped)
      throw new Error("This test server was stopped: start another one, or call reset() between tests.");
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #runnerOf({ runner_id }: TestJob): Parameters<typeof describeJob>[2] {
    const { runners, jobs } = this.server.opik;
    const runner = runners.all().find(({ id }) => id === runner_id);
    return runner && { ...runner, isConnected: runners.isConnected(runner), polls: jobs.isPolledBy(runner.id) };
  }

  #toTestJob(job: Job): TestJob {
    return toTestJob(job, this.#running.opik.jobs.logsOf(job.id));
  }
}

/** Reads fixtures, from the disk when they are named. */
export function toFiles(fixtures: Fixtures): FixtureFile[] {
  if (typeof fixtures === "string") return readFixtureFiles([fixtures]);
  if (isPaths(fixtures)) return readFixtureFiles(fixtures);
  return [{ name: "fixture", text: JSON.stringify(fixtures, null, 2) }];
}

function isPaths(fixtures: FixtureInput | readonly string[]): fixtures is readonly string[] {
  return Array.isArray(fixtures);
}
