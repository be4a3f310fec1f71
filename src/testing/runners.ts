import { runnerEnvironment, sdkEnvironment } from "../client/environment.ts";
import type { PlainRunner } from "../client/plain.ts";
import type { ConnectedRunner } from "../client/runner.ts";
import type { NewRunner } from "../client/runners.ts";
import type { LocalEvents } from "../opik-local.ts";
import { checkNames } from "./checks.ts";
import { plain, type Running, serverUrl } from "./running.ts";
import { waitFor, type WaitOptions } from "./waiting.ts";

/** Opik's runners. */
export interface TestRunners {
  /**
   * Connects a runner in the process of the test: it is paired, registers its agents and sends heartbeats, as an SDK does,
   * and the test does its jobs.
   *
   * ```ts
   * const runner = await opik.runners.connect({ agents: ["echo"], project: "demo" });
   * const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hello" } });
   * for await (const job of runner.jobs()) {
   *   await job.log("echoing");
   *   await job.complete(job.inputs);
   *   break;
   * }
   * ```
   * Another runner of the project and type is evicted. It ends with the server.
   */
  connect(runner: NewRunner): Promise<ConnectedRunner>;

  /** Returns a runner by its id or its name, the newest of that name; `undefined` when there is none. */
  get(idOrName: string): PlainRunner | undefined;

  /** Returns all runners in the order in which they were created. */
  list(): PlainRunner[];

  /**
   * Returns the variables with which an agent of an SDK is this runner: for a process that a test starts, or for its own
   * before it imports the agent.
   *
   * ```ts
   * Object.assign(process.env, opik.runners.environment("laptop"));
   * await import("../src/agent.ts");
   * ```
   * @throws Error when there is none
   */
  environment(idOrName: string): Record<string, string>;

  /**
   * Waits until a runner fulfils a condition.
   *
   * ```ts
   * const { id } = await opik.runners.waitFor(({ agents }) => agents.some(({ name }) => name === "echo"));
   * ```
   * @throws WaitTimeoutError
   */
  waitFor(wanted: (runner: PlainRunner) => boolean, options?: WaitOptions): Promise<PlainRunner>;
}

/** `TestRunners` of a server in this process. */
export class LocalRunners implements TestRunners {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  async connect(runner: NewRunner): Promise<ConnectedRunner> {
    checkNames(Object.keys(runner), ["agents", "name", "project", "type", "heartbeats"], "field of a runner");
    return this.#running().client.runners.connect(runner);
  }

  get(idOrName: string): PlainRunner | undefined {
    return this.list().findLast(({ id, name }) => id === idOrName || name === idOrName);
  }

  list(): PlainRunner[] {
    const { server, sees } = this.#running();
    const { runners } = server.opik;
    const seen = runners.all().filter(({ workspace }) => sees(workspace));
    return seen.map((row) => plain<PlainRunner>(runners.get(row, row.id)));
  }

  environment(idOrName: string): Record<string, string> {
    const { server } = this.#running();
    const { runners, projects } = server.opik;
    const runner = runners.byId(this.get(idOrName)?.id ?? "");
    if (runner === undefined) throw new Error(`There is no runner "${idOrName}"; ${describeRunners(this.list())}.`);
    const { id, workspace, project_id } = runner;
    const project = projects.nameOf(runner, project_id) ?? "";
    const { apiKey } = server.config;
    return { ...sdkEnvironment({ url: serverUrl(server), workspace, apiKey }), ...runnerEnvironment({ id, project }) };
  }

  async waitFor(wanted: (runner: PlainRunner) => boolean, options?: WaitOptions): Promise<PlainRunner> {
    return waitFor({
      options,
      events: this.#running().server.events,
      method: this.waitFor,
      describe: () => `no runner is as wanted; ${describeRunners(this.list())}`,
      look: (name) => (name === undefined || isAboutRunners(name) ? this.list().find(wanted) : undefined),
    });
  }
}

/** The names of the events that change a runner. */
const RUNNER_EVENTS: ReadonlySet<string> = new Set<keyof LocalEvents>([
  "runner:connected",
  "runner:disconnected",
  "runner:removed",
  "runner:agents:registered",
]);

function isAboutRunners(name: string): boolean {
  return RUNNER_EVENTS.has(name);
}

/** Which runners there are, for a wait that has failed. */
export function describeRunners(runners: readonly PlainRunner[]): string {
  if (runners.length === 0) return "there is none";
  return `there are ${runners.map(({ name, status }) => `${name} (${status})`).join(", ")}`;
}
