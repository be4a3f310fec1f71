import { isAdvanceable } from "../core/advanceable-clock.ts";
import { parseDuration } from "../core/durations.ts";
import type { Running } from "./running.ts";

/** How the clock is moved. */
export interface MoveOptions {
  /**
   * For agents that live in real time, such as those of an SDK: they stay connected as long as they poll, and after each thing
   * that became due the clock waits, up to five seconds of real time, until they poll again and have ended their
   * jobs. Default `false`: what the agents would do takes them no time, and their heartbeats expire.
   */
  settle?: boolean;
}

/** The clock of a test server. The methods that move it are rejected when the server runs on real time. */
export interface TestClock {
  /** Returns the server's time, in milliseconds since the epoch. */
  now(): number;
  /**
   * Moves the virtual clock, and resolves when everything that became due has run.
   *
   * ```ts
   * await opik.clock.advance("16s"); // the runner's last heartbeat is now too long ago
   * ```
   * @param duration `500ms`, `20s`, `5m`, or milliseconds
   * @param options see `MoveOptions`
   * @throws Error when the server runs on real time, or when the duration is not valid
   */
  advance(duration: string | number, options?: MoveOptions): Promise<void>;
  /** Moves the virtual clock forward to a time, as `advance` does. @throws Error when that time has passed */
  set(time: string | Date, options?: MoveOptions): Promise<void>;
  /** Advances the virtual time as fast as the real time, until `freeze` or a reset. */
  resume(): Promise<void>;
  /** Stops the virtual time. */
  freeze(): Promise<void>;
  /**
   * Moves the virtual clock from one due time to the next until every job and run has ended.
   * @param max how far at most; default a day
   * @returns whether every job and run has ended
   */
  runUntilIdle(max?: string, options?: MoveOptions): Promise<boolean>;
}

/** `TestClock` of a server in this process. */
export class LocalClock implements TestClock {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  now(): number {
    return this.#running().server.clock.now();
  }

  async advance(duration: string | number, { settle }: MoveOptions = {}): Promise<void> {
    const { server, client } = this.#running();
    if (!isAdvanceable(server.clock)) throw new Error('Start with clock: "virtual" to advance the time.');
    await client.advance(durationText(duration), settle);
  }

  async set(time: string | Date, { settle }: MoveOptions = {}): Promise<void> {
    await this.#running().client.setClock(new Date(time).toISOString(), settle);
  }

  async resume(): Promise<void> {
    await this.#running().client.moveClock("resume");
  }

  async freeze(): Promise<void> {
    await this.#running().client.moveClock("freeze");
  }

  async runUntilIdle(max?: string, { settle }: MoveOptions = {}): Promise<boolean> {
    return (await this.#running().client.runUntilIdle(max, settle)).idle;
  }
}

/** @returns the duration as the server reads it. @throws Error for what is no duration */
export function durationText(duration: string | number): string {
  const text = typeof duration === "number" ? `${duration}ms` : duration;
  if (parseDuration(text) !== undefined) return text;
  throw new Error(`"${duration}" is not a duration such as 500ms, 20s or 5m.`);
}
