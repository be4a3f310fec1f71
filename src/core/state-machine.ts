/** The statuses of a thing, and how they may change. */
export class StateMachine<Status extends string> {
  readonly #transitions: Readonly<Record<Status, readonly Status[]>>;

  /** @param transitions by status, the statuses that may follow it */
  constructor(transitions: Readonly<Record<Status, readonly Status[]>>) {
    this.#transitions = transitions;
  }

  /** Whether no other status can follow. */
  isFinal(status: Status): boolean {
    return this.#transitions[status].length === 0;
  }

  /** Whether a status may follow another one. */
  canMove(from: Status, to: Status): boolean {
    return this.#transitions[from].includes(to);
  }

  /** @throws Error for a change that is not allowed; callers check what clients ask for */
  requireMove(from: Status, to: Status): void {
    if (!this.canMove(from, to)) throw new Error(`invalid status transition from ${from} to ${to}`);
  }
}
