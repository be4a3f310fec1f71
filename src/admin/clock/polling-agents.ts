import { computerMonotonicTime, SystemClock } from "../../core/clock.ts";
import type { FixtureTargets } from "../../fixtures/load/loader.ts";

/** How often the polls are counted, in milliseconds of real time. */
const CHECK_INTERVAL_MS = 2;

/** How long agents may take for one step, in milliseconds of real time. */
const TIMEOUT_MS = 2_000;

/** What a runner polls for. */
interface Polls {
  runnerId: string;
  jobs: boolean;
  commands: boolean;
}

/**
 * The agents that poll, which live in real time: under a virtual clock their polls time out and come back, their jobs take
 * real time, and their heartbeats cannot keep up.
 */
export class PollingAgents {
  readonly #services: Pick<FixtureTargets, "jobs" | "bridge" | "runners">;
  readonly #realTime = new SystemClock({ keepsAlive: true });
  /** Set once they took too long: they are not waited for again. */
  #areLate = false;
  /** The polls that must be repeated, also by agents that are working on a job. */
  readonly #polls: readonly Polls[];

  constructor(services: Pick<FixtureTargets, "jobs" | "bridge" | "runners">) {
    this.#services = services;
    const { jobs, bridge } = services;
    this.#polls = services.runners
      .all()
      .map(({ id }) => ({ runnerId: id, jobs: jobs.isPolledBy(id), commands: bridge.isPolledBy(id) }))
      .filter((polls) => polls.jobs || polls.commands);
  }

  /** Extends the heartbeats of these agents by the time that is skipped, in which they cannot send any. */
  outlive(byMs: number): void {
    this.#services.runners.extendConnectionsOf(
      this.#polls.map(({ runnerId }) => runnerId),
      byMs,
    );
  }

  /**
   * Waits until the agents poll as they did before, and have ended the jobs that they are given meanwhile.
   * @returns whether they do; not when they take too long
   */
  async settled(): Promise<boolean> {
    const end = computerMonotonicTime() + TIMEOUT_MS;
    while (!this.#areLate && !this.#areBack()) {
      this.#areLate = computerMonotonicTime() >= end;
      await new Promise<void>((resolve) => this.#realTime.schedule(CHECK_INTERVAL_MS, resolve));
    }
    return !this.#areLate;
  }

  #areBack(): boolean {
    const running = new Set(
      this.#services.jobs
        .countByStatus()
        .flatMap(({ runner_id, status, count }) => (status === "running" && count > 0 ? [runner_id] : [])),
    );
    const { jobs, bridge, runners } = this.#services;
    return this.#polls.every((polls) => {
      const id = polls.runnerId;
      if (runners.byId(id) === undefined) return true;
      if (polls.jobs && jobs.openPollsOf(id) === 0) return false;
      return !running.has(id) && (!polls.commands || bridge.openPollsOf(id) > 0);
    });
  }
}
