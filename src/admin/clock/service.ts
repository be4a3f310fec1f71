import { type AdvanceableClock, isAdvanceable } from "../../core/advanceable-clock.ts";
import type { Background } from "../../core/background.ts";
import { computerMonotonicTime, SystemClock, type Timer } from "../../core/clock.ts";
import { inNextTurn } from "../../core/node-timers.ts";
import { LAST_MOMENT_MS } from "../../core/timestamps.ts";
import type { FixtureTargets } from "../../fixtures/load/loader.ts";
import { isTerminal, type RunStatus } from "../../strait/run/state-machine.ts";
import type { StraitServices } from "../../strait/services.ts";
import type { AdminContext } from "../context.ts";
import { LocalError } from "../errors.ts";
import { PollingAgents } from "./polling-agents.ts";
import type { AdvancedState, ClockState, IdleState } from "./schema.ts";

export interface ClockServiceDependencies {
  services: Pick<FixtureTargets, "jobs" | "bridge" | "runners">;
  executor: Pick<StraitServices, "runs">;
}

/** How often a resumed clock is advanced, in milliseconds of real time. */
const TICK_MS = 20;

/** How far `runUntilIdle` advances the clock at most. */
const MAX_IDLE_MS = 24 * 3_600_000;

/** How the clock is moved. */
export interface MoveOptions {
  /**
   * Whether to wait in real time, after each thing that became due, until the agents poll again and have ended their jobs.
   * Agents that poll stay connected meanwhile.
   */
  settle?: boolean | undefined;
  /** Aborted when the client has gone: the clock stays at the time that it has reached. */
  signal?: AbortSignal | undefined;
}

/** How a step of the clock ended: `late` when the agents took too long, `ended` by a reset or by its signal. */
type Outcome = "settled" | "late" | "ended";

/** Moves the virtual clock of a server. */
export class ClockService implements Background {
  readonly #context: AdminContext;
  readonly #dependencies: ClockServiceDependencies;
  /** Runs while the clock is resumed. */
  #tick: Timer | undefined;

  constructor(context: AdminContext, dependencies: ClockServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  state(): ClockState {
    const { clock } = this.#context;
    const isVirtual = isAdvanceable(clock);
    return {
      clock: isVirtual ? "virtual" : "system",
      now: new Date(clock.now()).toISOString(),
      frozen: isVirtual && this.#tick === undefined,
    };
  }

  /**
   * Moves the clock and resolves when everything that became due has run.
   * @throws LocalError 409 when the server runs on real time, and when the clock is reset meanwhile; 400 for a time after
   * the year 9999
   */
  async advance(durationMs: number, { settle = false, signal }: MoveOptions = {}): Promise<AdvancedState> {
    const clock = this.#virtual();
    const end = clock.now() + durationMs;
    if (end > LAST_MOMENT_MS)
      throw new LocalError(400, `The clock goes to ${new Date(LAST_MOMENT_MS).toISOString()} at most`);
    const agents = settle ? new PollingAgents(this.#dependencies.services) : undefined;
    let outcome: Outcome = ((await agents?.settled()) ?? true) ? "settled" : "late";
    while (agents !== undefined && outcome === "settled") {
      const dueAt = clock.nextDueAt();
      if (dueAt === undefined || dueAt > end) break;
      outcome = await this.#step(clock, dueAt, agents, signal);
    }
    if (outcome === "settled") outcome = await this.#step(clock, end, agents, signal);
    // What is left when the agents take too long.
    if (outcome === "late" && !(await clock.advance(Math.max(0, end - clock.now()), signal))) outcome = "ended";
    const state = this.#changed();
    if (outcome === "ended") throw new LocalError(409, "The clock was reset meanwhile");
    return { ...state, ...(agents === undefined ? {} : { settled: outcome === "settled" }) };
  }

  /**
   * Moves the clock forward to a time, as `advance` does.
   * @throws LocalError as `advance` does, and 409 when the time has passed: only a reset sets the clock back
   */
  async set(to: number, options: MoveOptions = {}): Promise<AdvancedState> {
    const clock = this.#virtual();
    if (to < clock.now())
      throw new LocalError(
        409,
        `It is ${new Date(clock.now()).toISOString()} already: only a reset sets the clock back`,
      );
    return this.advance(to - clock.now(), options);
  }

  /** Advances the virtual time as fast as the real time. @throws LocalError 409 when the server runs on real time */
  resume(): ClockState {
    const clock = this.#virtual();
    if (this.#tick !== undefined) return this.state();
    const realTime = new SystemClock();
    let lastAt = computerMonotonicTime();
    const tick = (): void => {
      this.#tick = realTime.schedule(TICK_MS, () => {
        const now = computerMonotonicTime();
        const elapsed = Math.floor(now - lastAt);
        lastAt += elapsed;
        void clock.advance(elapsed);
        tick();
      });
    };
    tick();
    return this.#changed();
  }

  /** Stops the virtual time. @throws LocalError 409 when the server runs on real time */
  freeze(): ClockState {
    this.#virtual();
    this.stop();
    return this.#changed();
  }

  /**
   * Advances the clock from one due time to the next until every job and run has ended: retries, delays, time-outs and
   * waits are over then; or until a reset.
   * @param maxMs how far to advance at most; default a day
   * @throws LocalError 409 when the server runs on real time
   */
  async runUntilIdle(maxMs: number = MAX_IDLE_MS, { settle = false, signal }: MoveOptions = {}): Promise<IdleState> {
    const clock = this.#virtual();
    const end = Math.min(clock.now() + maxMs, LAST_MOMENT_MS);
    const agents = settle ? new PollingAgents(this.#dependencies.services) : undefined;
    await agents?.settled();
    while (!this.#isIdle()) {
      const dueAt = clock.nextDueAt();
      if (dueAt === undefined || dueAt > end) {
        await clock.advance(Math.max(0, end - clock.now()), signal);
        break;
      }
      if ((await this.#step(clock, dueAt, agents, signal)) === "ended") break;
      // Answers of executors and requests of agents come in between.
      await new Promise<void>(inNextTurn);
    }
    return { ...this.#changed(), idle: this.#isIdle() };
  }

  /** A resumed clock stands still again. */
  stop(): void {
    this.#tick?.cancel();
    this.#tick = undefined;
  }

  /** Advances to a time, and waits for the agents. */
  async #step(
    clock: AdvanceableClock,
    to: number,
    agents: PollingAgents | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    const durationMs = Math.max(0, to - clock.now());
    agents?.outlive(durationMs);
    if (!(await clock.advance(durationMs, signal))) return "ended";
    if (agents === undefined) return "settled";
    const isSettled = await agents.settled();
    // A reset may have come while the agents were waited for.
    if (clock.now() < to) return "ended";
    return isSettled ? "settled" : "late";
  }

  /** Publishes the new state: on the way to it, the last event may have been long before its end. */
  #changed(): ClockState {
    const state = this.state();
    this.#context.events.emit("clock:changed", state);
    return state;
  }

  #isIdle(): boolean {
    const { services, executor } = this.#dependencies;
    const hasJobs = services.jobs
      .countByStatus()
      .some(({ status, count }) => count > 0 && (status === "pending" || status === "running"));
    return !hasJobs && !executor.runs.countByStatus().some(({ status, count }) => count > 0 && !isEnd(status));
  }

  #virtual(): AdvanceableClock {
    const { clock } = this.#context;
    if (!isAdvanceable(clock))
      throw new LocalError(409, "This server runs on real time, which cannot be moved: start one with --clock virtual");
    return clock;
  }
}

function isEnd(status: RunStatus): boolean {
  return isTerminal(status);
}
