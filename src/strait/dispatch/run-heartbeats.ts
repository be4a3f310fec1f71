import type { Config } from "../../config.ts";
import type { Background } from "../../core/background.ts";
import type { Clock, Timer } from "../../core/clock.ts";
import type { EventBus } from "../../core/events.ts";
import type { Database } from "../../database/database.ts";
import type { StraitEvents } from "../events.ts";
import type { RunService } from "../run/service.ts";
import type { DispatchStore } from "./store.ts";

export interface RunHeartbeatsOptions {
  database: Database;
  events: EventBus<StraitEvents>;
  clock: Clock;
  config: Pick<Config, "runHeartbeatIntervalMs" | "runReaperIntervalMs" | "runStaleThresholdMs">;
  store: DispatchStore;
  runs: RunService;
  /** Called with errors that occur outside of a request. */
  onError: (error: unknown) => void;
}

/**
 * Decides which executing runs are alive [strait 5.3]. Runs that this process pushes are never lost while it runs: it
 * writes their heartbeats itself. All others, those of workers and those that an earlier server has pushed, are alive
 * while their executors report: a heartbeat or any other request with the run's token counts.
 */
export class RunHeartbeats implements Background {
  readonly #options: RunHeartbeatsOptions;
  readonly #kept = new Set<string>();
  /** When executors have last reported on their runs, in milliseconds since the epoch. */
  readonly #reportedAt = new Map<string, number>();
  /** Since when executors could report: from the start, or since the clock has jumped. */
  #reachableSince = 0;
  #lookedAt = 0;
  #timer: Timer | undefined;

  constructor(options: RunHeartbeatsOptions) {
    this.#options = options;
    options.events.on("run:status:changed", ({ run, from }) => {
      if (from === "executing") this.#kept.delete(run.id);
      if (run.status !== "executing") this.#reportedAt.delete(run.id);
    });
  }

  /** Executors can report from now on. */
  start(): void {
    this.#reachableSince = this.#lookedAt = this.#options.clock.now();
  }

  /** The executor of a run has reported. */
  reported(runId: string): void {
    this.#reportedAt.set(runId, this.#options.clock.now());
  }

  /**
   * Returns the ids of executing runs without a heartbeat for the stale threshold. Call it at each run of the reaper: a
   * run that comes much too late, or before the last one, shows that the machine has slept or its clock was set.
   * Executors then get the whole threshold again to report, as after a start.
   */
  lost(): string[] {
    const { clock, config, store } = this.#options;
    const now = clock.now();
    const sinceLastLook = now - this.#lookedAt;
    if (sinceLastLook < 0 || sinceLastLook >= 2 * config.runReaperIntervalMs) this.#reachableSince = now;
    this.#lookedAt = now;
    const before = now - config.runStaleThresholdMs;
    if (this.#reachableSince > before) return [];
    return store.stale(before).filter((id) => !this.#kept.has(id) && (this.#reportedAt.get(id) ?? 0) <= before);
  }

  /** Heartbeats for a run until it stops to execute. */
  keep(runId: string): void {
    this.#kept.add(runId);
    this.#timer ??= this.#schedule();
  }

  /**
   * How many runs execute, as far as the database says, that this process does not take care of: those of a server
   * before this one. They are lost unless their executors report.
   */
  countLeft(): number {
    const { store, clock } = this.#options;
    return store.stale(clock.now()).filter((id) => !this.#kept.has(id)).length;
  }

  /** Forgets all runs. */
  stop(): void {
    this.#kept.clear();
    this.#reportedAt.clear();
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
