import type { AdvancedState, ClockState, IdleState } from "../admin/clock/schema.ts";
import { CONTROL_HEADER } from "../admin/route.ts";
import type { State } from "../admin/schema.ts";
import type { Snapshot } from "../admin/snapshots/schema.ts";
import type { Explanation } from "../admin/why/schema.ts";
import { type Clock, SystemClock } from "../core/clock.ts";
import type { LoadSummary } from "../fixtures/load/loader.ts";
import type { FixtureFile } from "../fixtures/load/source.ts";
import { ClientBridge } from "./bridge.ts";
import { type Call, createCall, type Send } from "./call.ts";
import { ClientEvents } from "./events.ts";
import { ClientFaults } from "./faults.ts";
import { ClientJobs } from "./jobs.ts";
import { findOne, isUuid, NotFoundError } from "./matching.ts";
import { ClientPairings } from "./pairings.ts";
import { ClientRequests } from "./requests.ts";
import { ClientRunners } from "./runners.ts";
import { ClientRuns } from "./runs.ts";
import { ClientTraces } from "./traces.ts";

export interface ClientOptions {
  /** The only workspace whose projects and runners are seen; default all. `send` names it in its requests. */
  workspace?: string | undefined;
  /** Times the heartbeats of the client's own runners; default real time. */
  clock?: Clock;
}

/**
 * The limit of requests whose answer comes when their work is done: what falls due in the time that is moved, the
 * fixtures of a reset.
 */
const WORK_TIMEOUT_MS = 600_000;

/** Marks requests as those that work with the server. */
function asControl(send: Send): Send {
  return (path, init, timeoutMs) => {
    const headers = new Headers(init.headers);
    headers.set(CONTROL_HEADER, "true");
    return send(path, { ...init, headers }, timeoutMs);
  };
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof NotFoundError)) throw error;
}

/**
 * A client of a running server: of its two APIs and its own endpoints. The commands of the command line, the test double
 * over a running server, and tests use it. Methods throw RefusedError when the server refuses a request.
 */
export class OpikLocalClient {
  readonly call: Call;
  readonly bridge: ClientBridge;
  readonly jobs: ClientJobs;
  readonly traces: ClientTraces;
  readonly runs: ClientRuns;
  readonly runners: ClientRunners;
  readonly events: ClientEvents;
  readonly faults: ClientFaults;
  readonly requests: ClientRequests;
  readonly pairings: ClientPairings;
  readonly #workspace: string | undefined;

  /** @param send sends a request to the server, with its key and workspace */
  constructor(send: Send, { workspace, clock = new SystemClock() }: ClientOptions = {}) {
    this.#workspace = workspace;
    this.call = createCall(asControl(send));
    const state = (): Promise<State> => this.state();
    this.bridge = new ClientBridge(this.call, state);
    this.jobs = new ClientJobs(this.call, state);
    this.traces = new ClientTraces(this.call, state);
    this.runs = new ClientRuns(this.call, state);
    // They are clients that are tested, whose requests are in the journal and have faults.
    this.runners = new ClientRunners(createCall(send), state, clock);
    this.events = new ClientEvents(send);
    this.faults = new ClientFaults(this.call);
    this.requests = new ClientRequests(this.call);
    this.pairings = new ClientPairings(this.call);
  }

  /** The version, settings and content of the server; of projects and runners those of the client's workspace. */
  async state(): Promise<State> {
    const state = (await this.call("GET", "/__local/state")).json<State>();
    if (this.#workspace === undefined) return state;
    const isOurs = ({ workspace }: { workspace: string }): boolean => workspace === this.#workspace;
    return { ...state, projects: state.projects.filter(isOurs), runners: state.runners.filter(isOurs) };
  }

  /** Explains why a job or run waits or has failed, and what to do. @param id of it */
  async why(id: string): Promise<Explanation> {
    return (await this.call("GET", "/__local/why", { query: { id } })).json();
  }

  /** Finds the id of the runner that a text means: its name, or a part of its id. @throws NotFoundError */
  async findRunner(text: string): Promise<string> {
    return findOne((await this.state()).runners, text, "runner", ({ name }) => name).id;
  }

  /**
   * Finds the id of the job or run that a text means, the newer one when both have it.
   * @throws NotFoundError when there is none, or several
   */
  async findWork(text: string): Promise<string> {
    if (isUuid(text)) return text;
    const [job, run] = [
      await this.jobs.find(text).catch(ignoreNotFound),
      await this.runs.find(text).catch(ignoreNotFound),
    ];
    const isJob = job !== undefined && (run === undefined || job.created_at >= run.created_at);
    const found = isJob ? job : run;
    if (found !== undefined) return found.id;
    throw new NotFoundError(text === "last" ? "There are no jobs and no runs." : `There is no job and no run ${text}.`);
  }

  /**
   * Deletes everything in the workspace, or with `all` everything, and loads the fixtures of the start again.
   * @param options `keepRunners`, with `all`: runners stay connected
   */
  async reset({
    workspace,
    all = false,
    keepRunners = false,
  }: { workspace?: string; all?: boolean; keepRunners?: boolean } = {}): Promise<{ generation: number }> {
    const headers = workspace === undefined ? {} : { "comet-workspace": workspace };
    const query = { all: all ? "true" : undefined, keep: keepRunners ? "runners" : undefined };
    return (await this.call("POST", "/__local/reset", { query, headers, timeoutMs: WORK_TIMEOUT_MS })).json();
  }

  /** Asks the server to stop. @returns the id of its process */
  async stop(): Promise<{ pid: number }> {
    return (await this.call("POST", "/__local/stop")).json();
  }

  /** Stores the state of the server under a name, in memory. */
  async takeSnapshot(name: string): Promise<Snapshot> {
    return (await this.call("PUT", `/__local/snapshots/${encodeURIComponent(name)}`)).json();
  }

  /** Restores a stored state. */
  async restoreSnapshot(name: string): Promise<{ generation: number }> {
    return (await this.call("POST", `/__local/snapshots/${encodeURIComponent(name)}/restore`)).json();
  }

  /** Loads fixtures, all of them or none. */
  async loadFixtures(files: readonly FixtureFile[]): Promise<LoadSummary> {
    return (await this.call("POST", "/__local/fixtures", { body: { files } })).json();
  }

  /**
   * Moves a virtual clock, and resolves when everything that became due has run.
   * @param by `16s`
   * @param settle whether to wait until the agents poll again
   */
  async advance(by: string, settle = false): Promise<AdvancedState> {
    return (
      await this.call("POST", "/__local/clock/advance", { body: { by, settle }, timeoutMs: WORK_TIMEOUT_MS })
    ).json();
  }

  async clock(): Promise<ClockState> {
    return (await this.call("GET", "/__local/clock")).json();
  }

  /** Moves a virtual clock forward to a time, as `advance` does. @param to ISO 8601 */
  async setClock(to: string, settle = false): Promise<AdvancedState> {
    return (await this.call("POST", "/__local/clock/set", { body: { to, settle }, timeoutMs: WORK_TIMEOUT_MS })).json();
  }

  /** Advances a virtual clock as fast as real time, or stops it. */
  async moveClock(how: "resume" | "freeze"): Promise<ClockState> {
    return (await this.call("POST", `/__local/clock/${how}`)).json();
  }

  /** Advances a virtual clock until every job and run has ended. @param max how far at most: `1h` */
  async runUntilIdle(max?: string, settle = false): Promise<IdleState> {
    const request = { body: { max, settle }, timeoutMs: WORK_TIMEOUT_MS };
    return (await this.call("POST", "/__local/clock/run-until-idle", request)).json();
  }
}
