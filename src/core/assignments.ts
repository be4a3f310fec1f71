import { attempt } from "./attempt.ts";
import type { Clock, Timer } from "./clock.ts";

export interface AssignmentsOptions {
  clock: Clock;
  /** Takes the ids of items and clears the marks in their rows. */
  clearMarks(ids: readonly string[]): void;
  /** Takes what `clearMarks` threw when no request was there to be answered with it. */
  onError: (error: unknown) => void;
}

/**
 * How long the acknowledgement by a connection may wait to be written. A client that has read its answer mostly
 * reports on the item at once, and that report's own write clears the mark.
 */
const WRITE_DELAY_MS = 50;

/**
 * The items (jobs, bridge commands, worker runs) that are assigned but not acknowledged: written into an answer of
 * which it is not known whether its client has read it. Each has a mark in its row, set by the statement that
 * assigns it, so that the next start finds what a killed server has assigned.
 *
 * A report that names the item acknowledges it, and so does the connection that carried the answer, by another
 * request or a clean close. Nothing else does: another client of the same runner or queue has not read the answer.
 */
export class Assignments {
  readonly #options: AssignmentsOptions;
  readonly #unacknowledged = new Set<string>();
  /** Acknowledged by their connection, with the mark still in their rows. */
  readonly #marked = new Set<string>();
  #timer: Timer | undefined;

  constructor(options: AssignmentsOptions) {
    this.#options = options;
  }

  /** The item is assigned, and its row has the mark. */
  add(id: string): void {
    this.#marked.delete(id);
    this.#unacknowledged.add(id);
  }

  /** Whether the item is assigned and not acknowledged. */
  has(id: string): boolean {
    return this.#unacknowledged.has(id);
  }

  /** Whether the item's row has the mark. */
  isMarked(id: string): boolean {
    return this.#unacknowledged.has(id) || this.#marked.has(id);
  }

  /** The client has the items. Their marks are cleared a little later, unless another write has done so before. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) if (this.#unacknowledged.delete(id)) this.#marked.add(id);
    if (this.#marked.size === 0) return;
    this.#timer ??= this.#options.clock.schedule(WRITE_DELAY_MS, () => {
      this.#timer = undefined;
      attempt(() => this.#clearMarks(), this.#options.onError);
    });
  }

  /** The item is acknowledged or no longer assigned, and its row has no mark any more. */
  remove(id: string): void {
    this.#unacknowledged.delete(id);
    this.#marked.delete(id);
  }

  /**
   * Ends all assignments of a server that stops.
   * @returns the ids of the unacknowledged items, in the order in which they were assigned
   */
  close(): string[] {
    const ids = [...this.#unacknowledged];
    attempt(() => this.#clearMarks(), this.#options.onError);
    this.reset();
    return ids;
  }

  /** Forgets all items. */
  reset(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#unacknowledged.clear();
    this.#marked.clear();
  }

  #clearMarks(): void {
    if (this.#marked.size === 0) return;
    this.#options.clearMarks([...this.#marked]);
    this.#marked.clear();
  }
}
