import type { NewCommand } from "../client/bridge.ts";
import { OpikLocalClient } from "../client/client.ts";
import type { PlainCommand, PlainRunner, PlainWait } from "../client/plain.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { TestClock } from "./clock.ts";
import type { TestExecutorJobs } from "./executor-jobs.ts";
import type { TestJob, TestJobs } from "./jobs.ts";
import { orUndefined, waitForRemote, waitForRemoteStatus } from "./remote-waiting.ts";
import type { TestRunners } from "./runners.ts";
import type { TestRun, TestRuns } from "./runs.ts";
import { type Fixtures, toFiles } from "./seed.ts";
import type { TestTraces } from "./traces.ts";
import type { TestWaits } from "./waits.ts";

/** The methods of a group, each with a promise of its result. */
export type Remote<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Awaited<Result>>
    : never;
};

/**
 * A running server to test against, as `TestServer` with a promise of each result. Made by `connectOpikLocal`. Errors
 * have the API's answer; waits reject with WaitTimeoutError.
 */
export interface ConnectedServer {
  /** Where the server listens: `http://127.0.0.1:5173`. */
  readonly url: string;
  /** The URL for Opik's SDKs: `OPIK_URL_OVERRIDE`. */
  readonly apiUrl: string;
  readonly clock: Remote<TestClock>;
  readonly runners: Remote<TestRunners>;
  readonly jobs: Remote<TestJobs>;
  /** Executes commands on the machines of runners, signed. */
  readonly bridge: {
    /** Submits a signed command, and waits for its end. */
    execute(command: NewCommand): Promise<PlainCommand>;
  };
  readonly traces: Remote<TestTraces>;
  readonly executorJobs: Remote<TestExecutorJobs>;
  readonly runs: Remote<TestRuns>;
  readonly waits: Remote<TestWaits>;
  /** Loads a fixture, or files and folders of fixtures. */
  seed(fixtures: Fixtures): Promise<LoadSummary>;
  /** Deletes everything, and loads the fixtures of the server's start again. */
  reset(): Promise<void>;
}

export interface ConnectOptions {
  /** The server's key, when it asks for one. */
  apiKey?: string | undefined;
}

/** How many traces and runs of a project are listed. */
const MAX_LISTED = 1_000;

/** @param origin where the server listens */
export function createConnectedServer(origin: string, { apiKey }: ConnectOptions): ConnectedServer {
  const client = new OpikLocalClient((path, init) => {
    const headers = new Headers(init.headers);
    const isControlPlane = path.startsWith("/v1/");
    if (apiKey !== undefined) headers.set("authorization", isControlPlane ? `Bearer ${apiKey}` : apiKey);
    return fetch(origin + path, { ...init, headers });
  });
  const { call } = client;
  const reasonOf = async (id: string): Promise<string> => {
    const { kind, status, reason } = await client.why(id);
    return `the ${kind} ${id} is ${status}: ${reason}`;
  };
  const jobs = remoteJobs(client, reasonOf);
  const runs = remoteRuns(client, reasonOf);
  const runners = remoteRunners(client);
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
  return {
    ...{ url: origin, apiUrl: `${origin}/api`, jobs, runs, runners, traces, bridge: client.bridge },
    clock: {
      now: async () => Date.parse((await client.clock()).now),
      advance: async (duration) => {
        await client.advance(typeof duration === "number" ? `${duration}ms` : duration);
      },
    },
    executorJobs: {
      create: async ({ project = "default", slug, name = slug, ...fields }) =>
        (await call("POST", "/v1/jobs", { body: { ...fields, slug, name, project_id: project } })).json<{
          id: string;
        }>().id,
    },
    waits: {
      list: async ({ project = "default" } = {}) =>
        (await call("GET", "/v1/events", { query: { project_id: project, limit: 100 } })).json<{ data: PlainWait[] }>()
          .data,
      send: async (key, payload, { project } = {}) => {
        await client.runs.sendEvent(key, payload === undefined ? {} : { payload }, project);
      },
    },
    seed: (fixtures) => client.loadFixtures(toFiles(fixtures)),
    reset: async () => {
      await client.reset({ all: true });
    },
  };
}

function remoteJobs(client: OpikLocalClient, reasonOf: (id: string) => Promise<string>): ConnectedServer["jobs"] {
  const find = async (id: string): Promise<TestJob | undefined> => {
    const job = await orUndefined(client.jobs.get(id));
    return job && { ...job, logs: await client.jobs.logs(id) };
  };
  return {
    create: (job) => client.jobs.create(job),
    get: find,
    list: async () => {
      const all = await client.jobs.list({ limit: MAX_LISTED });
      return Promise.all(all.toReversed().map(async (job) => ({ ...job, logs: await client.jobs.logs(job.id) })));
    },
    cancel: (id) => client.jobs.cancel(id),
    waitFor: async (id, wanted, options) => {
      const known = async (): Promise<TestJob> => ({
        ...(await client.jobs.get(id)),
        logs: await client.jobs.logs(id),
      });
      const asWanted = async (): Promise<TestJob | undefined> => {
        const job = await known();
        return typeof wanted === "string" || wanted(job) ? job : undefined;
      };
      if (typeof wanted === "string") {
        await waitForRemoteStatus(client.call, { job: id, status: wanted }, () => reasonOf(id), options);
      }
      return waitForRemote(asWanted, () => reasonOf(id), options);
    },
  };
}

function remoteRuns(client: OpikLocalClient, reasonOf: (id: string) => Promise<string>): ConnectedServer["runs"] {
  const known = async (id: string): Promise<TestRun> => ({
    ...(await client.runs.get(id)),
    events: await client.runs.events(id),
  });
  return {
    trigger: ({ job, project = "default", idempotency_key, ...fields }) =>
      client.runs.trigger(job, fields, project, idempotency_key),
    get: (id) => orUndefined(known(id)),
    list: async () => {
      const all = await client.runs.list({ limit: MAX_LISTED });
      return Promise.all(all.toReversed().map(({ id }) => known(id)));
    },
    waitFor: async (id, wanted, options) => {
      const asWanted = async (): Promise<TestRun | undefined> => {
        const run = await known(id);
        return typeof wanted === "string" || wanted(run) ? run : undefined;
      };
      if (typeof wanted === "string") {
        await waitForRemoteStatus(client.call, { run: id, status: wanted }, () => reasonOf(id), options);
      }
      return waitForRemote(asWanted, () => reasonOf(id), options);
    },
  };
}

function remoteRunners(client: OpikLocalClient): ConnectedServer["runners"] {
  const list = async (): Promise<PlainRunner[]> => {
    const { runners } = await client.state();
    return Promise.all(
      runners.map(async ({ id, workspace }) => {
        const headers = { "comet-workspace": workspace };
        return (await client.call("GET", `/api/v1/private/local-runners/${id}`, { headers })).json<PlainRunner>();
      }),
    );
  };
  const describe = async (): Promise<string> => {
    const names = (await list()).map(({ name, status }) => `${name} (${status})`);
    return `no runner is as wanted; there ${names.length === 0 ? "is none" : `are ${names.join(", ")}`}`;
  };
  return {
    get: async (idOrName) => (await list()).findLast(({ id, name }) => id === idOrName || name === idOrName),
    list,
    waitFor: (wanted, options) => waitForRemote(async () => (await list()).find(wanted), describe, options),
  };
}
