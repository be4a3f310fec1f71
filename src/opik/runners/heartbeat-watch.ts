import type { Background } from "../../core/background.ts";
import type { Clock } from "../../core/clock.ts";
import { Deadlines } from "../../core/deadlines.ts";
import type { EventBus } from "../../core/events.ts";
import { attempt } from "../../core/periodic-tasks.ts";
import type { OpikEvents } from "../events.ts";
import { notice, type RunnerService } from "./service.ts";

export interface HeartbeatWatchOptions {
  clock: Clock;
  events: EventBus<OpikEvents>;
  runners: RunnerService;
  /** Takes what went wrong when a runner was to be told of. */
  onError: (error: unknown) => void;
}

/** Tells when a runner has become silent: one deadline per connected runner, moved only when it is due. */
export class HeartbeatWatch implements Background {
  readonly #clock: Clock;
  readonly #events: EventBus<OpikEvents>;
  readonly #runners: RunnerService;
  readonly #deadlines: Deadlines;
  readonly #onError: HeartbeatWatchOptions["onError"];
  #stopListening: () => void = () => {};

  constructor({ clock, events, runners, onError }: HeartbeatWatchOptions) {
    this.#clock = clock;
    this.#events = events;
    this.#runners = runners;
    this.#onError = onError;
    this.#deadlines = new Deadlines({ clock, onDue: (id) => this.#look(id), onError });
    this.#events.on("runner:connected", (runner) => this.#look(runner.id));
    this.#events.on("runner:removed", (runner) => this.#deadlines.forget(runner.id));
  }

  /** Watches the runners that were connected when the server stopped. */
  start(): void {
    this.#stopListening = this.#clock.onJump((missedMs) =>
      attempt(() => this.#runners.extendConnections(missedMs), this.#onError),
    );
    for (const runner of this.#runners.all()) {
      if (this.#runners.isConnected(runner)) this.#look(runner.id);
    }
  }

  /** Watches nobody; `start` goes on from there. */
  stop(): void {
    this.#stopListening();
    this.#deadlines.forgetAll();
  }

  /** Heartbeats have come since the deadline was set, or the runner is silent now. */
  #look(id: string): void {
    const runner = this.#runners.byId(id);
    if (runner === undefined || runner.keep_alive === 1) this.#deadlines.forget(id);
    else if (runner.alive_until > this.#clock.now()) this.#deadlines.set(id, runner.alive_until);
    else this.#events.emit("runner:disconnected", notice(runner));
  }
}
