import { type Clock, VirtualClock } from "../core/clock.ts";
import { parseDuration } from "../core/durations.ts";
import { readFixtureFiles } from "../fixtures/files.ts";
import type { LoadSummary } from "../fixtures/loader.ts";
import type { FixtureInput } from "../fixtures/schema.ts";
import type { FixtureFile } from "../fixtures/source.ts";
import type { LocalEvents, OpikLocal } from "../opik-local.ts";
import type { Job, JobStatus } from "../opik/jobs/schema.ts";
import type { Owner } from "../opik/wire/owner.ts";
import type { OpikLocalParts } from "../server.ts";
import { ENDED, type NewTestJob, type TestJob, toRawJson, toTestJob } from "./jobs.ts";
import { waitFor, type WaitOptions } from "./waits.ts";

type Fixtures = FixtureInput | string | readonly string[];

/** A server to test against, and the hands to work it with. Made by `startOpikLocal`. */
export class TestServer implements AsyncDisposable {
  /** The server itself, for what is not here. */
  readonly server: OpikLocal;
  /** @internal what it is made of, for our own tests */
  readonly parts: OpikLocalParts;
  /** Whom everything belongs to that this object makes. */
  readonly owner: Owner;
  readonly #fixtures: Fixtures | undefined;

  /** @internal made by `startOpikLocal` */
  constructor(parts: OpikLocalParts, fixtures: Fixtures | undefined) {
    this.server = parts;
    this.parts = parts;
    this.owner = parts.tenancy.defaultOwner;
    this.#fixtures = fixtures;
  }

  get clock(): Clock {
    return this.server.clock;
  }

  /**
   * Where the server listens: `http://127.0.0.1:40123`.
   * @throws Error when it was started with `listen: false`
   */
  get url(): string {
    const { url } = this.server;
    if (url === undefined) throw new Error("The server does not listen: it was started with listen: false.");
    return url;
  }

  /** What Opik's SDKs want as `OPIK_URL_OVERRIDE`. */
  get apiUrl(): string {
    return `${this.url}/api`;
  }

  /**
   * Moves the virtual clock, and resolves when all that fell due has happened.
   *
   * ```ts
   * await opik.advance("16s"); // the runner was silent for too long
   * ```
   * @param duration `500ms`, `20s`, `5m`, or milliseconds
   * @throws Error when the server runs on real time, or for what is no duration
   */
  async advance(duration: string | number): Promise<void> {
    if (!(this.clock instanceof VirtualClock)) throw new Error('Start with clock: "virtual" to advance the time.');
    const milliseconds = typeof duration === "number" ? duration : parseDuration(duration);
    if (milliseconds === undefined || !(milliseconds >= 0)) {
      throw new Error(`"${duration}" is no duration such as 500ms, 20s or 5m.`);
    }
    await this.clock.advance(milliseconds);
  }

  /**
   * Loads a fixture, or files and folders of fixtures.
   *
   * ```ts
   * opik.seed({
   *   projects: [{ name: "demo" }],
   *   runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
   * });
   * ```
   * @throws FixtureError with all mistakes; then nothing was loaded
   */
  seed(fixtures: Fixtures): LoadSummary {
    return this.parts.fixtures.load(toFiles(fixtures));
  }

  /**
   * Submits a job, as `POST /jobs` does.
   * @returns its id
   * @throws Error for a project that does not exist, or what the API answers, such as 409 not connected
   */
  createJob({ agent, project, inputs }: NewTestJob): string {
    const { projects, jobs } = this.parts.opik;
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

  /** All jobs in the order in which they were created. */
  jobs(): TestJob[] {
    return this.parts.opik.jobs.all().map((job) => this.#toTestJob(job));
  }

  /** A job; `undefined` when there is none of that id. */
  job(id: string): TestJob | undefined {
    const job = this.parts.opik.jobs.find(id);
    return job && this.#toTestJob(job);
  }

  /**
   * Waits until a job has a status, or is as `wanted` says. Its status and its logs are looked at.
   *
   * ```ts
   * await opik.waitForJob(id, "completed");
   * await opik.waitForJob(id, (job) => job.logs.length > 0, { timeoutMs: 1_000 });
   * ```
   * @throws WaitTimeoutError, or an Error at once when the job has ended in another status
   */
  waitForJob(id: string, wanted: JobStatus | ((job: TestJob) => boolean), options: WaitOptions = {}): Promise<TestJob> {
    const isWanted = typeof wanted === "string" ? (job: TestJob): boolean => job.status === wanted : wanted;
    return waitFor({
      ...options,
      events: this.server.events,
      describe: () => describeJob(id, this.job(id)),
      look: (name, payload) => {
        if (name !== undefined && !isAbout(id, name, payload)) return undefined;
        const job = this.job(id);
        if (job !== undefined && isWanted(job)) return job;
        if (typeof wanted === "string" && job !== undefined && ENDED.has(job.status)) {
          throw new Error(`${describeJob(id, job)}, and never will be ${wanted}`);
        }
        return undefined;
      },
    });
  }

  /**
   * Waits for the next event of a name.
   *
   * ```ts
   * const gone = opik.waitForEvent("runner:removed", ({ name }) => name === "laptop");
   * ```
   * @param predicate which one; default any
   * @throws WaitTimeoutError
   */
  waitForEvent<Name extends keyof LocalEvents & string>(
    name: Name,
    predicate: (payload: LocalEvents[Name]) => boolean = () => true,
    options: WaitOptions = {},
  ): Promise<LocalEvents[Name]> {
    return waitFor({
      ...options,
      events: this.server.events,
      describe: () => `no such event ${name}`,
      look: (happened, payload) => {
        const matches = happened === name && predicate(payload as LocalEvents[Name]);
        return matches ? (payload as LocalEvents[Name]) : undefined;
      },
    });
  }

  /**
   * Makes the server as it was after `startOpikLocal`: deletes everything, answers held polls with nothing,
   * sets the virtual clock and the ids back, and loads the fixtures of the start again. Waits that are still
   * open are rejected. Call it between tests that share a server.
   */
  reset(): void {
    this.server.reset();
    this.seedAgain();
  }

  /** Loads the fixtures that the server was started with. */
  seedAgain(): void {
    if (this.#fixtures !== undefined) this.seed(this.#fixtures);
  }

  /** Stops the server. Safe to call twice. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #toTestJob(job: Job): TestJob {
    return toTestJob(job, this.parts.opik.jobs.logsOf(job.id));
  }
}

function toFiles(fixtures: Fixtures): FixtureFile[] {
  if (typeof fixtures === "string") return readFixtureFiles([fixtures]);
  if (isPaths(fixtures)) return readFixtureFiles(fixtures);
  return [{ name: "fixture", text: JSON.stringify(fixtures, null, 2) }];
}

function isPaths(fixtures: FixtureInput | readonly string[]): fixtures is readonly string[] {
  return Array.isArray(fixtures);
}

function isAbout(id: string, name: string, payload: unknown): boolean {
  const isJobEvent = name === "job:status:changed" || name === "job:logs:appended";
  return isJobEvent && (payload as LocalEvents["job:status:changed"]).job.id === id;
}

function describeJob(id: string, job: TestJob | undefined): string {
  if (job === undefined) return `there is no job ${id}`;
  return `the job ${id} is ${job.status}${job.error === undefined ? "" : ` (${job.error})`}`;
}
