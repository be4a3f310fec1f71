import type { Background } from "../../../core/background.ts";
import type { Timer } from "../../../core/clock.ts";
import type { StraitContext } from "../../context.ts";
import type { StoredJob } from "../../definitions/jobs/job.ts";
import type { DeferredTriggers } from "./deferred-triggers.ts";

export interface DeferredTriggerAlarmDependencies {
  deferredTriggers: DeferredTriggers;
}

/** The delay before triggers that could not be fired are tried again, such as on a full disk. */
const RETRY_MS = 5_000;

/** Fires deferred triggers, debounced and batched ones, when they are due [strait 4.2]. */
export class DeferredTriggerAlarm implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: DeferredTriggerAlarmDependencies;
  #timer: Timer | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(context: StraitContext, dependencies: DeferredTriggerAlarmDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Sets the alarm for the next deferred trigger. */
  start(): void {
    this.#dependencies.deferredTriggers.releaseAll();
    this.#setForNext();
  }

  stop(): void {
    this.#clear();
  }

  /** Sets the alarm earlier, if a trigger that was deferred needs it. */
  follow(fireAt: number): void {
    if (fireAt < this.#dueAt) this.#set(fireAt);
  }

  /** Lets batches fire that have waited for the job to be enabled. */
  followJob(job: StoredJob): void {
    this.#dependencies.deferredTriggers.release(job);
  }

  #setForNext(): void {
    this.#clear();
    const dueAt = this.#dependencies.deferredTriggers.nextDue();
    if (dueAt !== undefined) this.#set(dueAt);
  }

  #clear(): void {
    this.#timer?.cancel();
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #set(dueAt: number): void {
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = this.#context.clock.scheduleAt(dueAt, () => this.#fire());
  }

  #fire(): void {
    const { clock, reportError } = this.#context;
    const { deferredTriggers } = this.#dependencies;
    this.#clear();
    try {
      deferredTriggers.fireDue();
      this.#setForNext();
    } catch (error) {
      reportError(error);
      this.#set(clock.now() + RETRY_MS);
    }
  }
}
