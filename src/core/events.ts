/** Takes what a listener threw, so that a broken listener never breaks the request that caused the event. */
export type ListenerErrorHandler = (error: unknown, eventName: string) => void;

type AnyListener = (payload: never, name: never) => void;

/**
 * Typed events inside the process. All listeners hear all events in one order, the one in which they were
 * sent. An event sent while a transaction is open counts as sent when it commits, and is dropped when it, or the
 * part of it in which the event was sent, rolls back (see `database/database.ts`).
 */
export class EventBus<Events extends object> {
  readonly #listeners = new Map<PropertyKey, Set<AnyListener>>();
  readonly #onListenerError: ListenerErrorHandler;
  /** What open transactions hold back, in the order it was sent. */
  readonly #held: Array<() => void> = [];
  /** Where in `#held` each open transaction, and each part of it that may fail alone, begins; the innermost last. */
  readonly #holds: number[] = [];
  /** What is being delivered, and behind it what listeners have sent in the meantime. */
  readonly #due: Array<() => void> = [];

  constructor(onListenerError: ListenerErrorHandler) {
    this.#onListenerError = onListenerError;
  }

  /** Calls `listener` after each event of that name. Returns the function that stops it. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    return this.#add(name, listener);
  }

  /** Calls `listener` after each event of any name. Returns the function that stops it. */
  onAny(listener: (payload: unknown, name: string) => void): () => void {
    return this.#add("*", listener);
  }

  /**
   * Delivers the event to all listeners: now, or when the open transaction commits. What a listener sends is
   * delivered after the events that were sent before.
   */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    const delivery = (): void => this.#deliver(name, payload);
    if (this.#holds.length === 0) this.#deliverInOrder([delivery]);
    else this.#held.push(delivery);
  }

  /** Starts to hold events back. Inside of another hold it begins a part that can be dropped alone. */
  hold(): void {
    this.#holds.push(this.#held.length);
  }

  /** Ends the innermost hold: what was held back is delivered or, inside of another hold, held by that one. */
  release(): void {
    this.#holds.pop();
    if (this.#holds.length === 0) this.#deliverInOrder(this.#held.splice(0));
  }

  /** Ends the innermost hold and drops what was sent since it began. */
  discard(): void {
    this.#held.length = this.#holds.pop() ?? 0;
  }

  /** How many listeners are registered; tests assert that none is left behind. */
  get listenerCount(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }

  #add(name: PropertyKey, listener: AnyListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #deliverInOrder(deliveries: ReadonlyArray<() => void>): void {
    const isDelivering = this.#due.length > 0;
    for (const delivery of deliveries) this.#due.push(delivery);
    if (isDelivering) return;
    try {
      for (const deliver of this.#due) deliver();
    } finally {
      this.#due.length = 0;
    }
  }

  #deliver<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const key of [name, "*"] as const) {
      for (const listener of this.#listeners.get(key) ?? []) {
        try {
          listener(payload as never, name as never);
        } catch (error) {
          this.#onListenerError(error, String(name));
        }
      }
    }
  }
}
