import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { OpikLocalParts } from "../server.ts";
import { LocalBridge, type TestBridge } from "./bridge.ts";
import { LocalClock, type TestClock } from "./clock.ts";
import { LocalTestEvents, type TestEvents } from "./events.ts";
import { LocalExecutorJobs, type TestExecutorJobs } from "./executor-jobs.ts";
import { LocalFaults, type TestFaults } from "./faults.ts";
import { LocalJobs, type TestJobs } from "./jobs.ts";
import { LocalRequests, type TestRequests } from "./requests.ts";
import { LocalRunners, type TestRunners } from "./runners.ts";
import type { Running } from "./running.ts";
import { LocalRuns, type TestRuns } from "./runs.ts";
import { type Fixtures, toFiles } from "./seed.ts";
import type { TestServer } from "./test-server.ts";
import { LocalTraces, type TestTraces } from "./traces.ts";
import { LocalWaits, type TestWaits } from "./waits.ts";

/** The test server over a server in the same process. `TestServer` describes its members. */
export class LocalTestServer implements TestServer {
  readonly server: OpikLocalParts;
  readonly clock: TestClock;
  readonly events: TestEvents;
  readonly faults: TestFaults;
  readonly requests: TestRequests;
  readonly runners: TestRunners;
  readonly jobs: TestJobs;
  readonly bridge: TestBridge;
  readonly traces: TestTraces;
  readonly executorJobs: TestExecutorJobs;
  readonly runs: TestRuns;
  readonly waits: TestWaits;
  readonly #running: Running;
  #isStopped = false;

  constructor(server: OpikLocalParts) {
    const running = (): OpikLocalParts => {
      if (this.#isStopped)
        throw new Error("This test server was stopped: start another one, or call reset() between tests.");
      return server;
    };
    this.server = server;
    this.#running = running;
    this.clock = new LocalClock(running);
    this.events = new LocalTestEvents(running);
    this.faults = new LocalFaults(running);
    this.requests = new LocalRequests(running);
    this.runners = new LocalRunners(running);
    this.jobs = new LocalJobs(running);
    this.bridge = new LocalBridge(running);
    this.traces = new LocalTraces(running);
    this.executorJobs = new LocalExecutorJobs(running);
    this.runs = new LocalRuns(running);
    this.waits = new LocalWaits(running);
  }

  get url(): string {
    const { url } = this.#running();
    if (url === undefined) throw new Error("The server does not listen: it was started with listen: false.");
    return url;
  }

  get apiUrl(): string {
    return `${this.url}/api`;
  }

  seed(fixtures: Fixtures): LoadSummary {
    return this.#running().fixtures.load(toFiles(fixtures));
  }

  reset(): void {
    this.#running().reset();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
