/**
 * A part of the server that works without a request: it has timers, listens to events or holds requests. Every method
 * is optional, because few parts have something to do at each of these moments.
 */
export interface Background {
  /** Continues from what is in the database: when the server starts, and after each reset. */
  start?(): void;
  /** Ends timers, waiting requests and subscriptions for good. Connections are still open. */
  stop?(): void;
  /** Ends work in progress and clears what is not in the database; `start` follows. Default `stop`. */
  reset?(): void;
  /** Takes back what is assigned and was not acknowledged. Comes after `stop`, when all connections are closed. */
  takeBackUnread?(): void;
}

/** Starts parts in the order of a list. It stops and resets them in the opposite order: users before what they use. */
export class BackgroundList implements Required<Background> {
  readonly #parts: readonly Background[];

  constructor(parts: readonly Background[]) {
    this.#parts = parts;
  }

  start(): void {
    for (const part of this.#parts) part.start?.();
  }

  stop(): void {
    for (const part of this.#parts.toReversed()) part.stop?.();
  }

  reset(): void {
    for (const part of this.#parts.toReversed()) {
      if (part.reset === undefined) part.stop?.();
      else part.reset();
    }
  }

  takeBackUnread(): void {
    for (const part of this.#parts.toReversed()) part.takeBackUnread?.();
  }
}
