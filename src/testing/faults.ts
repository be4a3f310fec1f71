import type { NewTestFault, TestFault } from "./plain.ts";
import type { Running } from "./running.ts";

/** Faults, which never affect requests to `/__local`. */
export interface TestFaults {
  /**
   * Adds a fault, or those of a preset, behind the others.
   *
   * ```ts
   * opik.faults.add({ operation: "nextJob", status: 503, retryAfter: 1, times: 2 });
   * opik.faults.add({ preset: "flaky-network", seed: 7 });
   * ```
   * @returns what was added, with ids
   * @throws Error that names what is wrong with it
   */
  add(fault: NewTestFault): TestFault[];
  /** Returns the faults in use, each with how many requests it was for and how often it was applied. */
  list(): TestFault[];
  /** Removes a fault. @throws Error when there is none with this id */
  remove(id: string): void;
  /** Removes all faults; requests that they hold back go on. */
  clear(): void;
}

/** The faults of a server in the same process. */
export class LocalFaults implements TestFaults {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  add(fault: NewTestFault): TestFault[] {
    const { server, workspace } = this.#running();
    return server.faults.add(workspace === undefined ? fault : { ...fault, workspace });
  }

  list(): TestFault[] {
    const { server, workspace } = this.#running();
    return server.faults.list().filter(({ rule }) => workspace === undefined || rule["workspace"] === workspace);
  }

  remove(id: string): void {
    if (!this.#running().server.faults.remove(id)) throw new Error(`There is no fault "${id}".`);
  }

  clear(): void {
    const { server, workspace } = this.#running();
    if (workspace === undefined) server.faults.clear();
    else for (const { id } of this.list()) server.faults.remove(id);
  }
}
