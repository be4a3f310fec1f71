import type { Config } from "../../config.ts";
import type { Clock, Timer } from "../../core/clock.ts";
import type { EventBus } from "../../core/events.ts";
import type { Database } from "../../database/database.ts";
import type { RunsEvents } from "../events.ts";
import type { RunService } from "../runs/service.ts";
import type { DispatchStore } from "./store.ts";

export interface LifeSignsOptions {
  database: Database;
  events: EventBus<RunsEvents>;
  clock: Clock;
  config: Pick<Config, "runHeartbeatIntervalMs">;
  store: DispatchStore;
  runs: RunService;
  /** Takes errors that no client can be told of. */
  onError: (error: unknown) => void;
}

/**
 * The heartbeats of the runs that this process itself takes care of: as long as it lives, they are not lost,
 * whether or not their executors send heartbeats too (facts 5.3).
 */
export class LifeSigns {
  readonly #options: LifeSignsOptions;
  readonly #kept = new Set<string>();
  #timer: Timer | undefined;

  constructor(options: LifeSignsOptions) {
    this.#options = options;
    options.events.on("run:status:changed", ({ run, from }) => {
      if (from === "executing") this.#kept.delete(run.id);
    });
  }

  /** Heartbeats for a run until it stops to execute. */
  keep(runId: string): void {
    this.#kept.add(runId);
    this.#timer ??= this.#schedule();
  }

  /**
   * How many pushed runs execute, as far as the database says, that nobody here takes care of: those of a server before
   * this one. They are lost unless their executors send heartbeats.
   */
  countLeft(): number {
    const { store, clock } = this.#options;
    return store.stale(clock.now()).filter((id) => !this.#kept.has(id)).length;
  }

  /** Forgets all runs. */
  stop(): void {
    this.#kept.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): Timer {
    const { clock, config } = this.#options;
    return clock.schedule(config.runHeartbeatIntervalMs, () => {
      this.#beat();
      this.#timer = this.#kept.size === 0 ? undefined : this.#schedule();
    });
  }

  #beat(): void {
    const { database, runs, clock, onError } = this.#options;
    try {
      database.transaction(() => {
        for (const id of this.#kept) {
          const run = runs.find(id);
          if (run?.status === "executing") runs.update(run, { heartbeat_at: clock.now() });
          else this.#kept.delete(id);
        }
      });
    } catch (error) {
      onError(error);
    }
  }
}
