import { sdkEnvironment } from "../client/environment.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { ResetOptions } from "../opik-local.ts";
import { type Owner, workspaceExists } from "../opik/access/owner.ts";
import type { OpikLocalParts } from "../server.ts";
import { LocalBridge, type TestBridge } from "./bridge.ts";
import { checkNames } from "./checks.ts";
import { LocalClock, type TestClock } from "./clock.ts";
import { LocalTestEvents, type TestEvents } from "./events.ts";
import { LocalExecutorJobs, type TestExecutorJobs } from "./executor-jobs.ts";
import { LocalFaults, type TestFaults } from "./faults.ts";
import { LocalJobs, type TestJobs } from "./jobs.ts";
import { LocalRequests, type TestRequests } from "./requests.ts";
import { LocalRunners, type TestRunners } from "./runners.ts";
import { type Running, serverUrl, type Tested, testedPart } from "./running.ts";
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
    return serverUrl(this.#running().server);
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

  reset(options: ResetOptions = {}): void {
    checkNames(Object.keys(options), ["keepRunners"], "option of reset");
    const { server, workspace } = this.#running();
    if (workspace !== undefined && options.keepRunners === true)
      throw new Error("A workspace cannot keep its runners in a reset.");
    // Those that are no part of this process are kept.
    this.#endRunners((owner, id) => server.opik.runners.disconnect(owner, id));
    if (workspace === undefined) server.reset(options);
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

  /** Ends the runners of this process, which would go on with their polls. @param onEnd called with each */
  #endRunners(onEnd: (owner: Owner, id: string) => void = () => {}): void {
    for (const { client, owner } of [this, ...this.#workspaces].map((part) => part.#tested)) {
      for (const id of client.runners.end()) onEnd(owner, id);
    }
  }
}
