import type { State } from "../admin/schema.ts";
import type { Clock } from "../core/clock.ts";
import { createIdSource, type IdSource } from "../core/ids.ts";
import { activationHmac } from "../opik/runners/pairing/activation.ts";
import { POLLS_ON_DEMAND_HEADER } from "../opik/runners/polls-on-demand.ts";
import type { Call } from "./call.ts";
import { LOCAL_RUNNERS } from "./jobs.ts";
import { ConnectedRunner } from "./runner.ts";

const API = "/api/v1/private";

/** The length of the key of a pairing. */
const KEY_BYTES = 32;

/** An agent of a runner. */
export interface RunnerAgent {
  name: string;
  description?: string;
  /** Seconds that a job may run; default the server's. */
  timeout?: number;
  params?: ReadonlyArray<{ name: string; type: string }>;
}

/** A runner to connect. */
export interface NewRunner {
  /** Its agents: names, or what the SDKs register of each. */
  agents: ReadonlyArray<string | RunnerAgent>;
  /** Default: `test`. */
  name?: string;
  /** Name of its project, which is made when there is none. Default: `Default Project`. */
  project?: string;
  /** Default: `endpoint`. */
  type?: "endpoint" | "connect";
  /** Whether it sends heartbeats by itself; default `true`. Without them it is disconnected after 15 s. */
  heartbeats?: boolean;
}

/** Connects runners that this process plays by sending their requests. */
export class ClientRunners {
  readonly #call: Call;
  readonly #state: () => Promise<State>;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #runners = new Set<ConnectedRunner>();

  /** @param clock times the heartbeats */
  constructor(call: Call, state: () => Promise<State>, clock: Clock) {
    this.#call = call;
    this.#state = state;
    this.#clock = clock;
    this.#ids = createIdSource(clock, undefined);
  }

  /** Pairs a runner, as `opik endpoint` does, and registers its agents. Another one of the project and type is evicted. */
  async connect(runner: NewRunner): Promise<ConnectedRunner> {
    const { agents, name = "test", project = "Default Project", type = "endpoint", heartbeats = true } = runner;
    const runner_id = await this.pair({ name, project, type });
    const registered = Object.fromEntries(agents.map(toRegistration));
    const headers = { [POLLS_ON_DEMAND_HEADER]: "true" };
    await this.#call("PUT", `${LOCAL_RUNNERS}/${runner_id}/agents`, { body: registered, headers });
    const connected = new ConnectedRunner({
      ...{ id: runner_id, name, project, call: this.#call },
      clock: heartbeats ? this.#clock : undefined,
    });
    this.#runners.add(connected);
    return connected;
  }

  /**
   * Pairs a runner with a project, which is made when there is none. Another runner of the project and type is evicted.
   * @returns its id
   */
  async pair({ name, project, type }: Required<Pick<NewRunner, "name" | "project" | "type">>): Promise<string> {
    const project_id = await this.#projectId(project);
    const key = Buffer.from(this.#ids.bytes(KEY_BYTES));
    const session = { project_id, activation_key: key.toString("base64"), type };
    const { session_id, runner_id } = (await this.#call("POST", `${API}/pairing/sessions`, { body: session })).json<{
      session_id: string;
      runner_id: string;
    }>();
    const hmac = activationHmac(key, session_id, name).toString("base64");
    await this.#call("POST", `${API}/pairing/sessions/${session_id}/activate`, { body: { runner_name: name, hmac } });
    return runner_id;
  }

  /** Ends the polls and heartbeats of all runners. @returns their ids */
  end(): string[] {
    const ids = [...this.#runners].map(({ id }) => id);
    for (const runner of this.#runners) runner.end();
    this.#runners.clear();
    return ids;
  }

  /** Disconnects all runners. */
  async disconnect(): Promise<void> {
    await Promise.all(this.end().map((id) => this.#call("DELETE", `${LOCAL_RUNNERS}/${id}`)));
  }

  /** The id of the project of a name, which is made when there is none. */
  async #projectId(name: string): Promise<string> {
    const { projects } = await this.#state();
    const known = projects.find((project) => project.name === name);
    if (known !== undefined) return known.id;
    await this.#call("POST", `${API}/projects`, { body: { name } });
    return (await this.#call("POST", `${API}/projects/retrieve`, { body: { name } })).json<{ id: string }>().id;
  }
}

function toRegistration(agent: string | RunnerAgent): [name: string, definition: Omit<RunnerAgent, "name">] {
  if (typeof agent === "string") return [agent, {}];
  const { name, ...definition } = agent;
  return [name, definition];
}
