import type { Clock } from "../core/clock.ts";
import type { FixtureInput } from "../fixtures/format/input.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { LocalEvents, OpikLocal } from "../opik-local.ts";
import type { Owner } from "../opik/access/owner.ts";
import type { JobStatus } from "../opik/runners/jobs/schema.ts";
import type { RunStatus } from "../strait/run/state-machine.ts";
import type { NewTestJob, TestJob } from "./jobs.ts";
import type { NewTestExecutorJob, NewTestRun, TestRun, TriggeredRun } from "./runs.ts";
import type { WaitOptions } from "./waits.ts";

/** A fixture, or paths of files and folders. */
export type Fixtures = FixtureInput | string | readonly string[];

/** A server to test against, and the hands to work it with. Made by `startOpikLocal`. */
export interface TestServer extends AsyncDisposable {
  /** The server itself, for what is not here. */
  readonly server: OpikLocal;
  /** The owner of everything that this object creates. */
  readonly owner: Owner;
  readonly clock: Clock;
  /**
   * Where the server listens: `http://127.0.0.1:40123`.
   * @throws Error when it was started with `listen: false`
   */
  readonly url: string;
  /** The URL for Opik's SDKs: `OPIK_URL_OVERRIDE`. */
  readonly apiUrl: string;

  /**
   * Moves the virtual clock, and resolves when all that fell due has happened.
   *
   * ```ts
   * await opik.advance("16s"); // the runner was silent for too long
   * ```
   * @param duration `500ms`, `20s`, `5m`, or milliseconds
   * @throws Error when the server runs on real time, or for what is no duration
   */
  advance(duration: string | number): Promise<void>;

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
  seed(fixtures: Fixtures): LoadSummary;

  /**
   * Submits a job, as `POST /jobs` does.
   * @returns its id
   * @throws Error for a project that does not exist, or what the API answers, such as 409 not connected
   */
  createJob(job: NewTestJob): string;

  /** All jobs in the order in which they were created. */
  jobs(): TestJob[];

  /** A job; `undefined` when there is none of that id. */
  job(id: string): TestJob | undefined;

  /**
   * Waits until a job has a status, or is as `wanted` says. Its status and its logs are looked at.
   *
   * ```ts
   * await opik.waitForJob(id, "completed");
   * await opik.waitForJob(id, (job) => job.logs.length > 0, { timeoutMs: 1_000 });
   * ```
   * The logs are complete once the job has ended: the TypeScript SDK sends them before the result (opik 2.0.40,
   * `executeJob`). The Python SDK sends its last batch up to a second after it: wait for what the test looks at,
   * `waitForJob(id, (job) => job.status === "completed" && job.logs.length > 0)`.
   * @throws WaitTimeoutError, or an Error at once when the job has ended in another status, or there is no such job or
   * status
   */
  waitForJob(id: string, wanted: JobStatus | ((job: TestJob) => boolean), options?: WaitOptions): Promise<TestJob>;

  /**
   * Makes a job of executor runs, as `POST /v1/jobs` does.
   *
   * ```ts
   * opik.createExecutorJob({ slug: "deploy", endpoint_url: "http://127.0.0.1:3000" });
   * ```
   * @returns its id
   * @throws Error with what the API answers, such as 409 for a slug that is taken
   */
  createExecutorJob(job: NewTestExecutorJob): string;

  /**
   * Triggers a run of an executor job, as `POST /v1/jobs/{id}/trigger` does.
   *
   * ```ts
   * const { id, run_token } = opik.triggerRun({ job: "deploy", payload: { version: "1.4.2" } });
   * ```
   * @returns its id, and the run token of its executor
   * @throws Error for a job that does not exist, for a trigger that makes no run now (`dry_run`, or a job that holds
   * triggers back; nothing has happened then), or with what the API answers
   */
  triggerRun(run: NewTestRun): TriggeredRun;

  /** All executor runs in the order in which they were made. */
  runs(): TestRun[];

  /** An executor run; `undefined` when there is none of that id. */
  run(id: string): TestRun | undefined;

  /**
   * Waits until an executor run has a status, or is as `wanted` says. Its status and its history are looked at.
   *
   * ```ts
   * await opik.waitForRun(id, "waiting");
   * await opik.waitForRun(id, (run) => run.events.some(({ message }) => message === "built 1.4.2"));
   * ```
   * @throws WaitTimeoutError, or an Error at once when the run has ended in another status, or there is no such run or
   * status
   */
  waitForRun(id: string, wanted: RunStatus | ((run: TestRun) => boolean), options?: WaitOptions): Promise<TestRun>;

  /**
   * Sends an event to the run that waits for it, as `POST /v1/events/{key}/send` does.
   *
   * ```ts
   * await opik.waitForRun(id, "waiting"); // before, nobody would hear it
   * opik.sendEvent("approve-1.4.2", { approved_by: "ada" });
   * ```
   * @param payload any JSON; default none
   * @param options `project`: only of this one; default whichever has the key
   * @throws Error with the API's answer: 404 when no run waits for the event, 409 when the wait is over
   */
  sendEvent(key: string, payload?: unknown, options?: { project?: string }): void;

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
    predicate?: (payload: LocalEvents[Name]) => boolean,
    options?: WaitOptions,
  ): Promise<LocalEvents[Name]>;

  /**
   * Resets the server to its state after `startOpikLocal`: deletes everything, answers open polls with the empty
   * answer, sets the virtual clock and the ids back, and loads the fixtures of the start again. Waits that are still
   * open are rejected. Call it between tests that share a server.
   */
  reset(): void;

  /** Stops the server. Waits that are still open are rejected, and other methods throw from then on. Safe to call twice. */
  stop(): Promise<void>;
}
