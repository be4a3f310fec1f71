import type { Config } from "../config.ts";
import { type Clock, SystemClock } from "../core/clock.ts";
import { VirtualClock } from "../core/virtual-clock.ts";
import { listenInBackground } from "../http/listener.ts";
import { createOpikLocal } from "../server.ts";
import { checkNames } from "./checks.ts";
import { type ConnectedServer, type ConnectOptions, createConnectedServer } from "./connected-server.ts";
import { LocalTestServer } from "./local-test-server.ts";
import { type Fixtures, toFiles } from "./seed.ts";
import type { TestServer } from "./test-server.ts";

export type { Config } from "../config.ts";
export type { Clock } from "../core/clock.ts";
export { VirtualClock } from "../core/virtual-clock.ts";
export { FixtureError, type Mistake } from "../fixtures/format/mistakes.ts";
export type { FixtureInput } from "../fixtures/format/input.ts";
export type { CommandStatus, CommandType } from "../opik/runners/bridge/schema.ts";
export type { JobStatus } from "../opik/runners/jobs/schema.ts";
export type { LocalEvents, OpikLocal, ResetOptions } from "../opik-local.ts";
export type { RunStatus } from "../strait/run/state-machine.ts";
export type { EventTriggerStatus } from "../strait/waits/schema.ts";
export type {
  LogEntry,
  PlainCommand as TestCommand,
  PlainRunEvent as TestRunEvent,
  PlainRunner as TestRunner,
  PlainSpan as TestSpan,
  PlainTrace as TestTrace,
  PlainWait as TestWait,
  TriggeredRun,
} from "../client/plain.ts";
export type { NewTestCommand, TestBridge } from "./bridge.ts";
export { matchers, type MatcherResult, type OpikMatchers } from "./matchers.ts";
export { RefusedError } from "../client/call.ts";
export type { MoveOptions, TestClock } from "./clock.ts";
export type { ConnectedServer, ConnectOptions } from "./connected-server.ts";
export type { Remote } from "./remote/remote.ts";
export type { ConnectedRunner, RunnerJob } from "../client/runner.ts";
export type { NewRunner, RunnerAgent } from "../client/runners.ts";
export type { TestEvents } from "./events.ts";
export type { NewTestExecutorJob, TestExecutorJobs } from "./executor-jobs.ts";
export type { TestFaults } from "./faults.ts";
export type { NewTestFault, TestFault, TestFaultRule, TestRequest, TestRequestMatcher } from "./plain.ts";
export type { TestRequests } from "./requests.ts";
export type { NewTestJob, TestJob, TestJobs } from "./jobs.ts";
export type { TestRunners } from "./runners.ts";
export type { NewTestRun, TestRun, TestRuns } from "./runs.ts";
export type { Fixtures } from "./seed.ts";
export type { TestServer } from "./test-server.ts";
export type { TestTraces, TraceFilter } from "./traces.ts";
export { type WaitOptions, WaitTimeoutError } from "./waiting.ts";
export type { TestWaits } from "./waits.ts";

export interface StartOptions {
  /** Loaded before the server listens: a fixture, or paths of files and folders. Loaded again by `reset`. */
  fixtures?: Fixtures;
  /**
   * `virtual`, the default: time stands still at 2026-01-01T00:00:00Z until `clock.advance`. `system`: real time, for
   * clients that wait for something to happen by itself.
   */
  clock?: "virtual" | "system";
  /** Settings that differ from their defaults; data is kept in memory and the port is any free one. */
  config?: Partial<Config>;
  /** Whether to open a port; default `true`. Without one, `server.request` answers requests. */
  listen?: boolean;
}

const OPTIONS = ["fixtures", "clock", "config", "listen"] satisfies Array<keyof StartOptions>;
const CLOCKS = ["virtual", "system"] satisfies Array<StartOptions["clock"]>;

/**
 * Starts a server in this process, on a free port of the loopback interface, with nothing on the disk. Ids
 * and times are the same on every run.
 *
 * ```ts
 * import { startOpikLocal } from "opik-local/testing";
 *
 * const opik = await startOpikLocal({ fixtures: "fixtures/demo.yaml" });
 * process.env.OPIK_URL_OVERRIDE = opik.apiUrl;
 * const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
 * const job = await opik.jobs.waitFor(id, "completed");
 * assert.deepEqual(job.result, { text: "hello" });
 * await opik.stop();
 * ```
 *
 * The open port does not keep the process alive: a forgotten `stop` lets a test run end. A wait does.
 * @throws FixtureError for fixtures with mistakes, Error for options that do not exist
 */
export async function startOpikLocal(options: StartOptions = {}): Promise<TestServer> {
  checkNames(Object.keys(options), OPTIONS, "option of startOpikLocal");
  if (options.clock !== undefined) checkNames([options.clock], CLOCKS, "clock");
  const clock: Clock = options.clock === "system" ? new SystemClock() : new VirtualClock();
  const config = { database: ":memory:", port: 0, idSeed: "opik-local", ...options.config };
  const server = createOpikLocal({ clock, config });
  // Ids that the start has used must not make those of the first test differ from those of the others.
  server.ids.reset();
  const { fixtures } = options;
  try {
    if (fixtures !== undefined) server.loadAtStart(() => toFiles(fixtures));
    // A first request must not come behind what the test does next.
    await server.app.loadAll();
    if (options.listen !== false) await server.listen(listenInBackground);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return new LocalTestServer(server);
}

/**
 * Connects to a server that runs already, such as that of `opik-local exec` or `opik-local dev`: what `startOpikLocal`
 * returns, with a promise of each result.
 *
 * ```ts
 * const opik = connectOpikLocal(process.env.OPIK_LOCAL_URL); // under `opik-local exec`
 * const id = await opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
 * const job = await opik.jobs.waitFor(id, "completed");
 * ```
 * @param url `opik-local exec` sets it in `OPIK_LOCAL_URL`
 * @throws Error when there is none
 */
export function connectOpikLocal(url: string | undefined, options: ConnectOptions = {}): ConnectedServer {
  checkNames(Object.keys(options), ["apiKey", "workspace"], "option of connectOpikLocal");
  if (url === undefined || !URL.canParse(url))
    throw new Error("Which server? Run the tests with `opik-local exec -- ...`, or give its URL.");
  return createConnectedServer(new URL(url).origin, options);
}
