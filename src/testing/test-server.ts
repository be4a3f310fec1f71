import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { OpikLocal, ResetOptions } from "../opik-local.ts";
import type { TestBridge } from "./bridge.ts";
import type { TestClock } from "./clock.ts";
import type { TestEvents } from "./events.ts";
import type { TestExecutorJobs } from "./executor-jobs.ts";
import type { TestFaults } from "./faults.ts";
import type { TestJobs } from "./jobs.ts";
import type { TestRequests } from "./requests.ts";
import type { TestRunners } from "./runners.ts";
import type { TestRuns } from "./runs.ts";
import type { Fixtures } from "./seed.ts";
import type { TestTraces } from "./traces.ts";
import type { TestWaits } from "./waits.ts";

/**
 * A server to test against. Made by `startOpikLocal`. Everything that it creates belongs to the workspace `default`, as
 * that of clients that name none; it sees all workspaces. The one that `workspace` returns creates and sees what is in that
 * workspace.
 */
export interface TestServer extends AsyncDisposable {
  /** The server itself, for everything else. */
  readonly server: OpikLocal;
  /**
   * Where the server listens: `http://127.0.0.1:40123`.
   * @throws Error when it was started with `listen: false`
   */
  readonly url: string;
  /** The URL for Opik's SDKs: `OPIK_URL_OVERRIDE`. */
  readonly apiUrl: string;
  /** The name of its workspace. */
  readonly workspaceName: string;
  /** The variables with which Opik's SDKs use this server and workspace: for processes that a test starts. */
  readonly environment: Readonly<Record<string, string>>;

  /**
   * Returns the same server as one workspace sees it, so that tests that run at the same time do not meet: what it creates
   * and lists, its requests, faults and events are those of the workspace, and `reset` empties only that. The clock and the
   * ids are the server's. Executor runs have no workspaces; their default project has the workspace's name.
   *
   * ```ts
   * const opik = await startOpikLocal({ config: { workspaces: ["any"] } });
   * const mine = opik.workspace("test-1");
   * ```
   * @throws Error for a workspace that does not exist
   */
  workspace(name: string): TestServer;

  readonly clock: TestClock;
  /** The events that the server emits. */
  readonly events: TestEvents;
  /** Faults that the server injects. */
  readonly faults: TestFaults;
  /** The requests that clients have sent. */
  readonly requests: TestRequests;

  /** Opik's runners, their jobs and bridge commands, and the traces that agents write. */
  readonly runners: TestRunners;
  readonly jobs: TestJobs;
  readonly bridge: TestBridge;
  readonly traces: TestTraces;

  /** Executor runs, the jobs that they are runs of, and their waits for events. */
  readonly executorJobs: TestExecutorJobs;
  readonly runs: TestRuns;
  readonly waits: TestWaits;

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
   * Resets the server to its state after `startOpikLocal`: deletes everything, answers open polls with the empty
   * answer, sets the virtual clock and the ids back, and loads the fixtures of the start again. Waits that are still
   * open are rejected. Call it between tests that share a server. Of a workspace, only that is emptied; then the clock, the
   * ids and executor runs go on, and so do waits.
   * @param options `keepRunners`: see `ResetOptions`; runners of `runners.connect` end in any case
   * @throws Error for a workspace that is to keep its runners
   */
  reset(options?: ResetOptions): void;

  /** Stops the server, also for its workspaces. Waits that are still open are rejected, and other methods throw from then on. Safe to call twice. */
  stop(): Promise<void>;
}
