/**
 * Called with the error of a listener, so that a listener that fails does not fail the request that caused the event.
 */
export type ListenerErrorHandler = (error: unknown, eventName: string) => void;

type AnyListener = (payload: never, name: never) => void;

/**
 * Typed events inside the process. All listeners receive all events in the order in which they were sent. An event sent
 * while a transaction is open counts as sent when it commits, and is dropped when it, or the part of it in which the
 * event was sent, rolls back (see `database/database.ts`).
 */
export class EventBus<Events extends object> {
  readonly #listeners = new Map<PropertyKey, Set<AnyListener>>();
  readonly #onListenerError: ListenerErrorHandler;
  /** Events of open transactions, in the order in which they were sent. */
  readonly #held: Array<() => void> = [];
  /** Indexes in `#held` at which each open transaction or nested part begins; the innermost last. */
  readonly #holds: number[] = [];
  /** Events that are being delivered, followed by those that listeners have sent meanwhile. */
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

  /** Starts to queue events. Inside of another hold it begins a part that can be dropped alone. */
  hold(): void {
    this.#holds.push(this.#held.length);
  }

  /** Commits the innermost hold: delivers its events or, inside of another hold, adds them to that one. */
  release(): void {
    this.#holds.pop();
    if (this.#holds.length === 0) this.#deliverInOrder(this.#held.splice(0));
  }

  /** Rolls the innermost hold back: drops the events sent since it began. */
  discard(): void {
    this.#held.length = this.#holds.pop() ?? 0;
  }

  /** The number of listeners; tests check that none is left behind. */
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

/** Events to listen to, without the means to emit any. */
export type EventSource<Events extends object> = Pick<EventBus<Events>, "on" | "onAny" | "listenerCount">;
