import type { PlainRunner } from "../client/plain.ts";
import type { LocalEvents } from "../opik-local.ts";
import { plain, type Running } from "./running.ts";
import { waitFor, type WaitOptions } from "./waiting.ts";

/** Opik's runners. */
export interface TestRunners {
  /** Returns a runner by its id or its name, the newest of that name; `undefined` when there is none. */
  get(idOrName: string): PlainRunner | undefined;

  /** Returns all runners in the order in which they were created. */
  list(): PlainRunner[];

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

export class LocalRunners implements TestRunners {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  get(idOrName: string): PlainRunner | undefined {
    return this.list().findLast(({ id, name }) => id === idOrName || name === idOrName);
  }

  list(): PlainRunner[] {
    const { runners } = this.#running().opik;
    return runners.all().map((row) => plain<PlainRunner>(runners.get(row, row.id)));
  }

  async waitFor(wanted: (runner: PlainRunner) => boolean, options?: WaitOptions): Promise<PlainRunner> {
    return waitFor({
      options,
      events: this.#running().events,
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

function describeRunners(runners: readonly PlainRunner[]): string {
  if (runners.length === 0) return "there is none";
  return `there are ${runners.map(({ name, status }) => `${name} (${status})`).join(", ")}`;
}
