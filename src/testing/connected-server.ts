import { OpikLocalClient } from "../client/client.ts";
import { sdkEnvironment } from "../client/environment.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import { authorizationOf, isControlPlane } from "../http/authorization.ts";
import type { ResetOptions } from "../opik-local.ts";
import type { TestBridge } from "./bridge.ts";
import type { TestClock } from "./clock.ts";
import type { TestEvents } from "./events.ts";
import type { TestExecutorJobs } from "./executor-jobs.ts";
import type { TestFaults } from "./faults.ts";
import type { TestJobs } from "./jobs.ts";
import { remoteClock, remoteFaults, remoteRequests } from "./remote/control.ts";
import { OpeningStreams, remoteEvents } from "./remote/events.ts";
import { remoteJobs } from "./remote/jobs.ts";
import { MAX_LISTED, type Remote } from "./remote/remote.ts";
import { remoteBridge, remoteRunners } from "./remote/runners.ts";
import { remoteExecutor } from "./remote/runs.ts";
import { waitForRemote } from "./remote/waiting.ts";
import type { TestRequests } from "./requests.ts";
import type { TestRunners } from "./runners.ts";
import type { TestRuns } from "./runs.ts";
import { type Fixtures, toFiles } from "./seed.ts";
import type { TestTraces } from "./traces.ts";
import type { TestWaits } from "./waits.ts";

/**
 * A running server to test against, as `TestServer` with a promise of each result. Made by `connectOpikLocal`. Errors
 * have the API's answer; waits reject with WaitTimeoutError.
 */
export interface ConnectedServer extends AsyncDisposable {
  /** Where the server listens: `http://127.0.0.1:5173`. */
  readonly url: string;
  /** The URL for Opik's SDKs: `OPIK_URL_OVERRIDE`. */
  readonly apiUrl: string;
  /** The name of its workspace. */
  readonly workspaceName: string;
  /** The variables with which Opik's SDKs use this server and workspace: for processes that a test starts. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Remote<TestClock>;
  /** Requests that are sent through this object after `next` was called find the wait begun. */
  readonly events: TestEvents;
  readonly faults: Remote<TestFaults>;
  readonly requests: Remote<TestRequests>;
  readonly runners: Remote<TestRunners>;
  readonly jobs: Remote<TestJobs>;
  readonly bridge: Remote<Omit<TestBridge, "list">>;
  readonly traces: Remote<TestTraces>;
  readonly executorJobs: Remote<TestExecutorJobs>;
  readonly runs: Remote<TestRuns>;
  readonly waits: Remote<TestWaits>;
  /** The same server as one workspace sees it, as `TestServer.workspace`. */
  workspace(name: string): ConnectedServer;
  /** Loads a fixture, or files and folders of fixtures. */
  seed(fixtures: Fixtures): Promise<LoadSummary>;
  /**
   * Deletes everything, of a workspace only what is in it, and loads the fixtures of the server's start again.
   * @param options `keepRunners`: see `ResetOptions`; not of a workspace
   */
  reset(options?: ResetOptions): Promise<void>;
  /** Ends the runners that were connected through this object. The server goes on. */
  close(): void;
}

export interface ConnectOptions {
  /** The server's key, when it asks for one. */
  apiKey?: string | undefined;
  /** The only workspace to create things in and to see; default: create in `default`, and see all. */
  workspace?: string | undefined;
}

const DEFAULT = "default";

/** @param origin where the server listens */
export function createConnectedServer(origin: string, { apiKey, workspace }: ConnectOptions): ConnectedServer {
  const send = (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (apiKey !== undefined) headers.set("authorization", authorizationOf(path, apiKey));
    if (workspace !== undefined && !isControlPlane(path)) headers.set("comet-workspace", workspace);
    return fetch(origin + path, { ...init, headers });
  };
  const opening = new OpeningStreams();
  const client = new OpikLocalClient(
    async (path, init) => {
      await opening.opened();
      return send(path, init);
    },
    { workspace },
  );
  const workspaceName = workspace ?? DEFAULT;
  const traces: ConnectedServer["traces"] = {
    list: async (filter = {}) => (await client.traces.list({ ...filter, limit: MAX_LISTED })).toReversed(),
    spans: (trace) => client.traces.spans(trace),
    waitFor: (wanted, options) =>
      waitForRemote(
        async () => (await traces.list()).find(wanted),
        async () => `no trace is as wanted; there are ${(await traces.list()).length}`,
        options,
      ),
  };
  const close = (): void => void client.runners.end();
  return {
    ...{ url: origin, apiUrl: `${origin}/api`, workspaceName, traces, close },
    environment: sdkEnvironment({ url: origin, workspace: workspaceName, apiKey }),
    clock: remoteClock(client),
    events: remoteEvents(new OpikLocalClient(send), opening, workspace),
    faults: remoteFaults(client, workspace),
    requests: remoteRequests(client, workspace),
    runners: remoteRunners(client, { url: origin, apiKey }),
    jobs: remoteJobs(client),
    bridge: remoteBridge(client),
    ...remoteExecutor(client, workspaceName, workspace),
    workspace: (name) => createConnectedServer(origin, { apiKey, workspace: name }),
    seed: (fixtures) => client.loadFixtures(toFiles(fixtures)),
    reset: async ({ keepRunners = false } = {}) => {
      await client.runners.disconnect();
      if (workspace === undefined) await client.reset({ all: true, keepRunners });
      else await client.reset({ workspace, keepRunners });
    },
    [Symbol.asyncDispose]: async () => close(),
  };
}
