import type { Background } from "../../core/background.ts";
import type { Timer } from "../../core/clock.ts";
import type { StraitContext } from "../context.ts";
import type { RunRow } from "../run/run.ts";
import type { RunStatus } from "../run/schema.ts";
import type { RunService } from "../run/service.ts";
import type { DispatchStore } from "./store.ts";

export interface RunHeartbeatsDependencies {
  store: DispatchStore;
  runs: RunService;
}

/**
 * Decides which executing runs are alive [strait 5.3]. Runs that this process pushes are never lost while it runs: it
 * writes their heartbeats itself. All others, those of workers and those that an earlier server has pushed, are alive
 * while their executors report: a heartbeat or any other request with the run's token counts.
 */
export class RunHeartbeats implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: RunHeartbeatsDependencies;
  readonly #kept = new Set<string>();
  /** When executors have last reported on their runs, in milliseconds since the epoch. */
  readonly #reportedAt = new Map<string, number>();
  /** Since when executors could report: the start, or the last jump of the clock. */
  #reachableSince = 0;
  #lookedAt = 0;
  #timer: Timer | undefined;

  constructor(context: StraitContext, dependencies: RunHeartbeatsDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Notes that executors can report from now on. */
  start(): void {
    this.#reachableSince = this.#lookedAt = this.#context.clock.now();
  }

  /** Forgets a run that does not execute any more. */
  follow(run: RunRow, from: RunStatus): void {
    if (from === "executing") this.#kept.delete(run.id);
    if (run.status !== "executing") this.#reportedAt.delete(run.id);
  }

  /** The executor of a run has reported. */
  reported(runId: string): void {
    this.#reportedAt.set(runId, this.#context.clock.now());
  }

  /**
   * Returns the ids of executing runs without a heartbeat for the stale threshold. Call it at each run of the reaper: a
   * run that comes much too late, or before the last one, shows that the machine has slept or its clock was set.
   * Executors then get the whole threshold again to report, as after a start.
   */
  lost(): string[] {
    const { clock, config } = this.#context;
    const { store } = this.#dependencies;
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
   * The number of executing runs without heartbeats of this process: those of a server
   * before this one. They are ended unless their executors report.
   */
  countLeft(): number {
    const { clock } = this.#context;
    const { store } = this.#dependencies;
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
    const { clock, config } = this.#context;
    return clock.schedule(config.runHeartbeatIntervalMs, () => {
      this.#beat();
      this.#timer = this.#kept.size === 0 ? undefined : this.#schedule();
    });
  }

  #beat(): void {
    const { database, clock, reportError } = this.#context;
    const { runs } = this.#dependencies;
    try {
      database.transaction(() => {
        for (const id of this.#kept) {
          const run = runs.find(id);
          if (run?.status === "executing") runs.update(run, { heartbeat_at: clock.now() });
          else this.#kept.delete(id);
        }
      });
    } catch (error) {
      reportError(error);
    }
  }
}
