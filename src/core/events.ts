import { attempt } from "./attempt.ts";

/**
 * Called with the error of a reaction or listener, so that one that fails does not fail the request that caused the
 * event.
 */
export type ListenerErrorHandler = (error: unknown, eventName: string) => void;

/** An event after its commit. */
export interface CommittedEvent<Name = string, Payload = unknown> {
  /** Counts the committed events of the server, from 1; a reset does not set it back. */
  readonly sequence: number;
  /** When it was committed, in milliseconds since the epoch. */
  readonly time: number;
  readonly name: Name;
  /** The workspace that its payload names; `undefined` for events of no workspace, such as those of runs. */
  readonly workspace: string | undefined;
  readonly payload: Payload;
}

/** What follows from events, by name: functions that are called in this order, before all listeners. */
export type Reactions<Events extends object> = {
  readonly [Name in keyof Events]?: ReadonlyArray<(payload: Events[Name]) => void>;
};

/** Converts payloads to what listeners receive; needed for each event where that is something else. */
export type Publishers<Events extends object, Published extends object> = {
  readonly [Name in keyof Events & keyof Published as Events[Name] extends Published[Name] ? never : Name]: (
    payload: Events[Name],
  ) => Published[Name];
};

export interface EventBusOptions {
  /** The time, in milliseconds since the epoch. */
  now: () => number;
  onListenerError: ListenerErrorHandler;
}

type AnyReaction = (payload: never) => void;
type AnyListener = (payload: never, event: never) => void;
type AnyPublisher = (payload: never) => unknown;

interface Emitted {
  name: PropertyKey;
  payload: unknown;
}

interface Committed extends Emitted {
  sequence: number;
  time: number;
}

/** The keys of listeners of every event: those of any part, and those of the server itself. */
const ANY = Symbol("any");
const RECORD = Symbol("record");

const NO_REACTIONS: readonly AnyReaction[] = [];

/**
 * Typed events inside the process. An event emitted while a transaction is open is delivered when it commits, and
 * dropped when it, or the part of it in which the event was emitted, rolls back (see `database/database.ts`). All
 * events are delivered in the order of their commits.
 *
 * Two kinds of functions receive them. Reactions are what the server does next: they are listed once, in order, and
 * receive the rows that have changed. Listeners only watch (console, streams, tests): they come after all reactions to
 * the event, and receive what the API shows of the rows, which is made only when there is a listener.
 */
export class EventBus<Events extends object, Published extends object = Events> {
  readonly #options: EventBusOptions;
  readonly #publishers: Readonly<Record<PropertyKey, AnyPublisher | undefined>>;
  readonly #reactions = new Map<PropertyKey, readonly AnyReaction[]>();
  readonly #listeners = new Map<PropertyKey, Set<AnyListener>>();
  /** Events of open transactions, in the order in which they were emitted. */
  readonly #held: Emitted[] = [];
  /** Indexes in `#held` at which each open transaction or nested part begins; the innermost last. */
  readonly #holds: number[] = [];
  /** Events that are being delivered, followed by those that reactions and listeners have emitted meanwhile. */
  readonly #due: Committed[] = [];
  #sequence = 0;

  /** @param publishers convert payloads for listeners; default none: they receive what reactions receive */
  constructor(options: EventBusOptions, publishers?: Publishers<Events, Published>) {
    this.#options = options;
    this.#publishers = publishers ?? {};
  }

  /** The sequence of the event that was committed last; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Sets what follows from events: of each list after the one before. Returns the function that removes it. */
  react(...lists: ReadonlyArray<Reactions<Events>>): () => void {
    for (const list of lists) {
      for (const [name, reactions] of Object.entries<readonly AnyReaction[] | undefined>(list)) {
        this.#reactions.set(name, [...(this.#reactions.get(name) ?? []), ...(reactions ?? [])]);
      }
    }
    return () => this.#reactions.clear();
  }

  /** Calls `listener` after each event of that name. Returns the function that stops it. */
  on<Name extends keyof Published>(
    name: Name,
    listener: (payload: Published[Name], event: CommittedEvent<Name, Published[Name]>) => void,
  ): () => void {
    return this.#listen(name, listener);
  }

  /** Calls `listener` after each event of any name. Returns the function that stops it. */
  onAny(listener: (event: CommittedEvent) => void): () => void {
    return this.#listen(ANY, (_: never, event: CommittedEvent) => listener(event));
  }

  /**
   * Calls a part of the server itself after each event, as `onAny` does; `listenerCount` does not count it.
   * @returns the function that stops it
   */
  record(recorder: (event: CommittedEvent) => void): () => void {
    return this.#listen(RECORD, (_: never, event: CommittedEvent) => recorder(event));
  }

  /**
   * Delivers the event: now, or when the open transaction commits. What is emitted during a delivery is delivered after
   * the events that were committed before.
   */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    if (this.#holds.length > 0) this.#held.push({ name, payload });
    else if (this.#isFollowed(name)) this.#commit([{ name, payload }]);
    else this.#sequence += 1;
  }

  /** Starts to queue events. Inside of another hold it begins a part that can be dropped alone. */
  hold(): void {
    this.#holds.push(this.#held.length);
  }

  /** Commits the innermost hold: delivers its events or, inside of another hold, adds them to that one. */
  release(): void {
    this.#holds.pop();
    if (this.#holds.length === 0 && this.#held.length > 0) this.#commit(this.#held.splice(0));
  }

  /** Rolls the innermost hold back: drops the events emitted since it began. */
  discard(): void {
    this.#held.length = this.#holds.pop() ?? 0;
  }

  /** The number of listeners; tests check that none is left behind. */
  get listenerCount(): number {
    let count = 0;
    for (const [name, listeners] of this.#listeners) if (name !== RECORD) count += listeners.size;
    return count;
  }

  #listen(name: PropertyKey, listener: AnyListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  #commit(emitted: readonly Emitted[]): void {
    const isDelivering = this.#due.length > 0;
    const time = this.#options.now();
    for (const { name, payload } of emitted) {
      this.#sequence += 1;
      if (this.#isFollowed(name)) this.#due.push({ sequence: this.#sequence, time, name, payload });
    }
    if (isDelivering) return;
    try {
      for (const committed of this.#due) this.#deliver(committed);
    } finally {
      this.#due.length = 0;
    }
  }

  #deliver(committed: Committed): void {
    const { name, payload } = committed;
    for (const react of this.#reactions.get(name) ?? NO_REACTIONS) this.#attempt(name, () => react(payload as never));
    if (this.#hasListeners(name)) this.#attempt(name, () => this.#publish(committed));
  }

  /** Whether anything is called for an event of this name. */
  #isFollowed(name: PropertyKey): boolean {
    return this.#reactions.has(name) || this.#hasListeners(name);
  }

  #hasListeners(name: PropertyKey): boolean {
    const listeners = this.#listeners;
    return listeners.size > 0 && (listeners.has(name) || listeners.has(ANY) || listeners.has(RECORD));
  }

  /** Calls the listeners of an event with what they receive of it. */
  #publish({ sequence, time, name, payload: internal }: Committed): void {
    const payload = this.#publishers[name]?.(internal as never) ?? internal;
    const event = { sequence, time, name, workspace: workspaceOf(payload), payload };
    for (const key of [name, ANY, RECORD]) {
      for (const listener of this.#listeners.get(key) ?? []) {
        this.#attempt(name, () => listener(payload as never, event as never));
      }
    }
  }

  #attempt(name: PropertyKey, work: () => void): void {
    attempt(work, (error) => this.#options.onListenerError(error, String(name)));
  }
}

function workspaceOf(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null || !("workspace" in payload)) return undefined;
  return typeof payload.workspace === "string" ? payload.workspace : undefined;
}

/** Events to listen to, without the means to emit any. */
export type EventSource<Published extends object> = Pick<EventBus<never, Published>, "on" | "onAny" | "listenerCount">;
