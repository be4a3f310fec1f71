import { attempt } from "../../core/attempt.ts";
import type { Background } from "../../core/background.ts";
import { Deadlines } from "../../core/deadlines.ts";
import type { OpikContext } from "../context.ts";
import { notice } from "./notice.ts";
import type { RunnerService } from "./service.ts";

export interface HeartbeatWatchDependencies {
  runners: RunnerService;
}

/**
 * Emits an event when a runner has sent no heartbeat in time: one deadline per connected runner, moved only when it is
 * due.
 */
export class HeartbeatWatch implements Background {
  readonly #context: OpikContext;
  readonly #runners: RunnerService;
  readonly #deadlines: Deadlines;
  #stopListening: () => void = () => {};

  constructor(context: OpikContext, { runners }: HeartbeatWatchDependencies) {
    const { clock, reportError } = context;
    this.#context = context;
    this.#runners = runners;
    this.#deadlines = new Deadlines({ clock, onDue: (id) => this.follow(id), onError: reportError });
  }

  /** Watches the runners that were connected when the server stopped. */
  start(): void {
    const { clock, reportError } = this.#context;
    this.#stopListening = clock.onJump((missedMs) =>
      attempt(() => this.#runners.extendConnections(missedMs), reportError),
    );
    for (const runner of this.#runners.all()) {
      if (this.#runners.isConnected(runner)) this.follow(runner.id);
    }
  }

  /** Stops watching all runners; `start` watches them again. */
  stop(): void {
    this.#stopListening();
    this.#deadlines.forgetAll();
  }

  /**
   * Watches a runner until its last heartbeat stops counting. When it does already, emits that the runner is
   * disconnected.
   */
  follow(id: string): void {
    const runner = this.#runners.byId(id);
    if (runner === undefined || runner.keep_alive === 1) this.#deadlines.forget(id);
    else if (runner.alive_until > this.#context.clock.now()) this.#deadlines.set(id, runner.alive_until);
    else this.#context.events.emit("runner:disconnected", notice(runner));
  }

  /** Stops watching a runner that is gone. */
  forget(id: string): void {
    this.#deadlines.forget(id);
  }
}
