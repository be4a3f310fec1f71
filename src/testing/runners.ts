import type { LocalEvents } from "../opik-local.ts";
import { plain, type Running } from "./running.ts";
import { waitFor, type WaitOptions } from "./waiting.ts";

/** A runner as tests see it. */
export interface TestRunner {
  id: string;
  name: string;
  project_id: string;
  type: "connect" | "endpoint";
  status: "connected" | "disconnected";
  connected_at: string;
  agents: Array<{ name: string; timeout: number; description?: string; params?: unknown[] }>;
  capabilities: string[];
}

/** Opik's runners. */
export interface TestRunners {
  /** Returns a runner by its id or its name, the newest of that name; `undefined` when there is none. */
  get(idOrName: string): TestRunner | undefined;

  /** Returns all runners in the order in which they were created. */
  list(): TestRunner[];

  /**
   * Waits until a runner fulfils a condition.
   *
   * ```ts
   * const { id } = await opik.runners.waitFor(({ agents }) => agents.some(({ name }) => name === "echo"));
   * ```
   * @throws WaitTimeoutError
   */
  waitFor(wanted: (runner: TestRunner) => boolean, options?: WaitOptions): Promise<TestRunner>;
}

export class LocalRunners implements TestRunners {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  get(idOrName: string): TestRunner | undefined {
    return this.list().findLast(({ id, name }) => id === idOrName || name === idOrName);
  }

  list(): TestRunner[] {
    const { runners } = this.#running().opik;
    return runners.all().map((row) => plain<TestRunner>(runners.get(row, row.id)));
  }

  async waitFor(wanted: (runner: TestRunner) => boolean, options?: WaitOptions): Promise<TestRunner> {
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

function describeRunners(runners: readonly TestRunner[]): string {
  if (runners.length === 0) return "there is none";
  return `there are ${runners.map(({ name, status }) => `${name} (${status})`).join(", ")}`;
}
