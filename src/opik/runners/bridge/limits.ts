import type { Config } from "../../../config.ts";
import type { Clock } from "../../../core/clock.ts";
import type { RawJson } from "../../../core/json.ts";
import { OpikError } from "../../wire/errors.ts";
import { MinuteCounter } from "./minute-counter.ts";
import type { CommandType } from "./schema.ts";

export type LimitsConfig = Pick<
  Config,
  | "bridgeMaxPendingPerRunner"
  | "bridgeMaxCommandsPerMinute"
  | "bridgeMaxWriteCommandsPerMinute"
  | "bridgeDefaultCommandTimeoutMs"
  | "bridgeMaxCommandTimeoutMs"
  | "bridgeMaxPayloadLength"
>;

const WRITE_TYPES: ReadonlySet<CommandType> = new Set(["WriteFile", "EditFile", "Exec"]);

const DEFAULT_BATCH = 10;
const LARGEST_BATCH = 20;
const LONGEST_WAIT_SECONDS = 120;

/** The limits of bridge commands. */
export class BridgeLimits {
  readonly #config: LimitsConfig;
  readonly #commands: MinuteCounter;
  readonly #writeCommands: MinuteCounter;

  constructor(config: LimitsConfig, clock: Clock) {
    this.#config = config;
    this.#commands = new MinuteCounter(clock);
    this.#writeCommands = new MinuteCounter(clock);
  }

  /** Forgets all calls of this minute. */
  reset(): void {
    this.#commands.reset();
    this.#writeCommands.reset();
  }

  /** @throws OpikError 429 when that many commands are pending already */
  checkPending(count: number): void {
    if (count >= this.#config.bridgeMaxPendingPerRunner) throw OpikError.errors(429, "Too many pending commands");
  }

  /**
   * Counts a command against its runner's limits for this minute.
   * @throws OpikError 429
   */
  checkRates(runnerId: string, type: CommandType): void {
    const { bridgeMaxCommandsPerMinute, bridgeMaxWriteCommandsPerMinute } = this.#config;
    if (this.#commands.hit(runnerId) > bridgeMaxCommandsPerMinute) throw OpikError.errors(429, "Rate limit exceeded");
    if (WRITE_TYPES.has(type) && this.#writeCommands.hit(runnerId) > bridgeMaxWriteCommandsPerMinute) {
      throw OpikError.errors(429, "Write rate limit exceeded");
    }
  }

  /** Checks the size of a payload; returns the error's message. The limit is in characters, although the text says bytes. */
  tooLarge(name: "args" | "result" | "error", payload: RawJson | undefined): string | undefined {
    const limit = this.#config.bridgeMaxPayloadLength;
    const length = payload?.text.length ?? 0;
    return length > limit ? `${name} payload too large: ${length} bytes (max ${limit})` : undefined;
  }

  /** The time-out of a command, in seconds. */
  timeoutSeconds(asked: number | undefined): number {
    const { bridgeDefaultCommandTimeoutMs, bridgeMaxCommandTimeoutMs } = this.#config;
    if (asked === undefined || asked <= 0) return Math.floor(bridgeDefaultCommandTimeoutMs / 1000);
    return Math.min(asked, Math.floor(bridgeMaxCommandTimeoutMs / 1000));
  }

  /** How many commands a poll gets at most. */
  batchSize(asked: number | undefined): number {
    return asked === undefined || asked <= 0 ? DEFAULT_BATCH : Math.min(asked, LARGEST_BATCH);
  }

  /** How long a submitter may wait for the end of a command, in milliseconds. */
  waitMs(askedSeconds: number): number {
    return Math.min(Math.max(askedSeconds, 1), LONGEST_WAIT_SECONDS) * 1000;
  }
}
