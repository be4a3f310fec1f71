import { computerMonotonicTime, SystemClock } from "../../core/clock.ts";
import type { FixtureTargets } from "../../fixtures/load/loader.ts";

/** How often the polls are counted, in milliseconds of real time. */
const CHECK_INTERVAL_MS = 2;

/** How long agents may take for one step, in milliseconds of real time. */
const TIMEOUT_MS = 5_000;

/** What a runner polls for. */
interface Polls {
  jobs: boolean;
  commands: boolean;
}

/**
 * The agents that poll, which live in real time: under a virtual clock their polls time out and come back, their jobs take
 * real time, and their heartbeats cannot keep up. An agent polls when it has an open poll or is about to: it has registered,
 * or its last poll was answered. Runners of fixtures without a process and agents that a fixture scripts never do.
 */
export class PollingAgents {
  readonly #services: Pick<FixtureTargets, "jobs" | "bridge" | "runners">;
  readonly #realTime = new SystemClock({ keepsAlive: true });
  /** Set once they took too long: they are not waited for again. */
  #areLate = false;
  /** The polls that were open, by runner: they must be open again, also those of agents that are working on a job. */
  readonly #polls = new Map<string, Polls>();

  constructor(services: Pick<FixtureTargets, "jobs" | "bridge" | "runners">) {
    this.#services = services;
  }

  /** Extends the heartbeats of these agents by the time that is skipped, in which they cannot send any. */
  outlive(byMs: number): void {
    this.#services.runners.extendConnectionsOf([...this.#polls.keys()], byMs);
  }

  /**
   * Waits until the agents poll, and have ended the jobs that they are given meanwhile. An agent that is about to poll and
   * does not is not expected to any more.
   * @returns whether those that have polled do so again; not when they take too long
   */
  async settled(): Promise<boolean> {
    const end = computerMonotonicTime() + TIMEOUT_MS;
    while (!this.#areLate) {
      const working = this.#working();
      const expected = this.#findPolls(working);
      const areBack = this.#areBack(working);
      if (areBack && expected.length === 0) return true;
      if (computerMonotonicTime() >= end) {
        this.#areLate = !areBack;
        for (const id of expected) this.#stopExpecting(id);
      } else {
        await new Promise<void>((resolve) => this.#realTime.schedule(CHECK_INTERVAL_MS, resolve));
      }
    }
    return false;
  }

  /**
   * Finds the agents that poll, or that work on a job and poll after it.
   * @returns the ids of the runners that are about to poll
   */
  #findPolls(working: ReadonlySet<string>): string[] {
    const { jobs, bridge, runners } = this.#services;
    const ids = runners.all().map(({ id }) => id);
    const expected = ids.filter(
      (id) =>
        (jobs.expectedPolls.has(id) && jobs.openPollsOf(id) === 0) ||
        (bridge.expectedPolls.has(id) && bridge.openPollsOf(id) === 0),
    );
    const isWorking = (id: string): boolean => jobs.expectedPolls.has(id) && working.has(id);
    for (const id of ids) {
      const known = this.#polls.get(id) ?? { jobs: false, commands: false };
      const polls = {
        jobs: known.jobs || jobs.openPollsOf(id) > 0 || isWorking(id),
        commands: known.commands || bridge.openPollsOf(id) > 0,
      };
      if (polls.jobs || polls.commands) this.#polls.set(id, polls);
    }
    return expected;
  }

  /** Whether the polls are open again, and no agent works on a job. */
  #areBack(working: ReadonlySet<string>): boolean {
    const { jobs, bridge, runners } = this.#services;
    return [...this.#polls].every(([id, polls]) => {
      if (runners.byId(id) === undefined) return true;
      if (polls.jobs && jobs.openPollsOf(id) === 0) return false;
      return !working.has(id) && (!polls.commands || bridge.openPollsOf(id) > 0);
    });
  }

  /** The runners that have running jobs. */
  #working(): Set<string> {
    const counts = this.#services.jobs.countByStatus();
    const running = counts.filter(({ status, count }) => status === "running" && count > 0);
    return new Set(running.map(({ runner_id }) => runner_id));
  }

  #stopExpecting(runnerId: string): void {
    this.#services.jobs.expectedPolls.delete(runnerId);
    this.#services.bridge.expectedPolls.delete(runnerId);
  }
}
