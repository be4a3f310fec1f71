/** Thrown when a request would have to wait and the limit of waiting requests is reached. */
export class TooManyOpenPollsError extends Error {
  constructor(maximum: number) {
    super(`Too many open polls. Maximum is ${maximum}`);
  }
}

/** Counts the open polls of all waiting lines of a server, and limits their number. */
export class OpenPolls {
  readonly #maximum: number;
  #count = 0;

  /** @param maximum limit of open polls; default no limit */
  constructor(maximum: number = Number.POSITIVE_INFINITY) {
    this.#maximum = maximum;
  }

  /** The number of open polls. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts another open poll.
   * @throws TooManyOpenPollsError
   */
  open(): void {
    if (this.#count >= this.#maximum) throw new TooManyOpenPollsError(this.#maximum);
    this.#count += 1;
  }

  /** Stops counting a poll that has ended. */
  close(): void {
    this.#count -= 1;
  }
}
