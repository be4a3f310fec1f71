import type { Background } from "../../../core/background.ts";
import type { Clock, Timer } from "../../../core/clock.ts";
import type { EventBus } from "../../../core/events.ts";
import type { StraitEvents } from "../../events.ts";
import type { DeferredTriggers } from "./deferred-triggers.ts";

export interface DeferredTriggerAlarmOptions {
  events: EventBus<StraitEvents>;
  clock: Clock;
  held: DeferredTriggers;
  /** Called with errors that occur outside of a request. */
  onError: (error: unknown) => void;
}

/** After a failure, such as a full disk, those that could not be fired are tried again this much later. */
const RETRY_MS = 5_000;

/** Fires deferred triggers, debounced and batched ones, when they are due [strait 4.2]. */
export class DeferredTriggerAlarm implements Background {
  readonly #options: DeferredTriggerAlarmOptions;
  #timer: Timer | undefined;
  #stopListening: () => void = () => {};
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(options: DeferredTriggerAlarmOptions) {
    this.#options = options;
  }

  /** Sets the alarm for the next deferred trigger, now and when others are added. */
  start(): void {
    this.#stopListening = this.#options.events.on("run:trigger:held", ({ fire_at }) => {
      if (fire_at < this.#dueAt) this.#set(fire_at);
    });
    this.#setForNext();
  }

  stop(): void {
    this.#stopListening();
    this.#clear();
  }

  #setForNext(): void {
    this.#clear();
    const dueAt = this.#options.held.nextDue();
    if (dueAt !== undefined) this.#set(dueAt);
  }

  #clear(): void {
    this.#timer?.cancel();
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #set(dueAt: number): void {
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = this.#options.clock.scheduleAt(dueAt, () => this.#fire());
  }

  #fire(): void {
    const { clock, held, onError } = this.#options;
    this.#clear();
    try {
      held.fireDue();
      this.#setForNext();
    } catch (error) {
      onError(error);
      this.#set(clock.now() + RETRY_MS);
    }
  }
}
