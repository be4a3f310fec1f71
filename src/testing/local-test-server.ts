import { sdkEnvironment } from "../client/environment.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import { workspaceExists } from "../opik/access/owner.ts";
import type { OpikLocalParts } from "../server.ts";
import { LocalBridge, type TestBridge } from "./bridge.ts";
import { LocalClock, type TestClock } from "./clock.ts";
import { LocalTestEvents, type TestEvents } from "./events.ts";
import { LocalExecutorJobs, type TestExecutorJobs } from "./executor-jobs.ts";
import { LocalFaults, type TestFaults } from "./faults.ts";
import { LocalJobs, type TestJobs } from "./jobs.ts";
import { LocalRequests, type TestRequests } from "./requests.ts";
import { LocalRunners, type TestRunners } from "./runners.ts";
import { type Running, type Tested, testedPart } from "./running.ts";
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
  readonly #tested: Tested;
  readonly #running: Running;
  readonly #whole: LocalTestServer | undefined;
  readonly #workspaces: LocalTestServer[] = [];
  #isStopped = false;

  /**
   * @param workspace the only one that it sees; default all
   * @param whole the test server that it is a workspace of
   */
  constructor(server: OpikLocalParts, workspace?: string, whole?: LocalTestServer) {
    this.server = server;
    this.#tested = testedPart(server, workspace);
    this.#whole = whole;
    const running = (): Tested => {
      if (this.#isStopped || (whole !== undefined && whole.#isStopped))
        throw new Error("This test server was stopped: start another one, or call reset() between tests.");
      return this.#tested;
    };
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
    const { url } = this.#running().server;
    if (url === undefined) throw new Error("The server does not listen: it was started with listen: false.");
    return url;
  }

  get apiUrl(): string {
    return `${this.url}/api`;
  }

  get workspaceName(): string {
    return this.#tested.owner.workspace;
  }

  get environment(): Readonly<Record<string, string>> {
    return sdkEnvironment({ url: this.url, workspace: this.workspaceName, apiKey: this.server.config.apiKey });
  }

  workspace(name: string): TestServer {
    const { server } = this.#running();
    if (!workspaceExists(server.config, name)) {
      throw new Error(
        `The server has no workspace "${name}": start it with config: { workspaces: ["any"] } to have all.`,
      );
    }
    const part = new LocalTestServer(server, name, this.#whole ?? this);
    this.#workspaces.push(part);
    return part;
  }

  seed(fixtures: Fixtures): LoadSummary {
    const { server, workspace } = this.#running();
    return server.fixtures.load(toFiles(fixtures), workspace);
  }

  reset(): void {
    const { server, workspace } = this.#running();
    this.#endRunners();
    if (workspace === undefined) server.reset();
    else server.resetWorkspace(workspace);
  }

  async stop(): Promise<void> {
    if (this.#whole !== undefined) return this.#whole.stop();
    this.#isStopped = true;
    this.#endRunners();
    return this.server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Runners of this process would go on with their polls. */
  #endRunners(): void {
    for (const part of [this, ...this.#workspaces]) part.#tested.client.runners.end();
  }
}
