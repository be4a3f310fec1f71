import type { Clock } from "../../core/clock.ts";
import { parseDuration } from "../../core/durations.ts";
import { createIdSource, type IdSource } from "../../core/ids.ts";
import { parseTimestamp } from "../../core/timestamps.ts";
import type { Exchange } from "../../http/interceptor.ts";
import { createPathTest } from "../path-pattern.ts";
import type { Fault, FaultRule } from "./schema.ts";
import type { Subject } from "./subject.ts";

/** The seed of rules that have none: they are deterministic, too. */
const DEFAULT_SEED = "faults";

const DEFAULT_WORKSPACE = "default";

/** Of a hundred numbers of the normal distribution, one is above this. */
const NORMAL_P99 = 2.326_347_874;

/** Bounds a distribution, which has no end. */
const MAX_LATENCY_MS = 24 * 3_600_000;

/** Reads the subject of a request, which only some rules need. */
export type ReadSubject = () => Promise<Subject>;

/** A rule that is in use, with its choices and counts. */
export class ActiveRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly #preset: string | undefined;
  readonly #clock: Clock;
  readonly #random: IdSource;
  readonly #from: number;
  readonly #until: number;
  readonly #isPath: (path: string) => boolean;
  #matched = 0;
  #applied = 0;

  constructor(id: string, rule: FaultRule, clock: Clock, preset?: string) {
    this.id = id;
    this.rule = rule;
    this.#preset = preset;
    this.#clock = clock;
    this.#random = createIdSource(clock, `${DEFAULT_SEED}:${rule.seed ?? ""}`);
    this.#from = momentOf(rule.from, clock.now()) ?? Number.NEGATIVE_INFINITY;
    this.#until = momentOf(rule.until, clock.now()) ?? Number.POSITIVE_INFINITY;
    this.#isPath = rule.path === undefined ? () => true : createPathTest(rule.path);
  }

  /** Whether the rule is applied to a request; counts it. */
  async applies(exchange: Exchange, readSubject: ReadSubject): Promise<boolean> {
    const { times, probability, runner, agent } = this.rule;
    if (times !== undefined && this.#applied >= times) return false;
    if (!this.#isInScope(exchange)) return false;
    if (runner !== undefined || agent !== undefined) {
      const subject = await readSubject();
      if (runner !== undefined && runner !== subject.runnerId && runner !== subject.runnerName) return false;
      if (agent !== undefined && agent !== subject.agent) return false;
    }
    this.#matched += 1;
    if (probability !== undefined && this.#draw() >= probability) return false;
    this.#applied += 1;
    return true;
  }

  /** The latency of the next request, in milliseconds. */
  latencyMs(): number {
    const { latency } = this.rule;
    if (latency === undefined) return 0;
    if (typeof latency === "string") return parseDuration(latency) ?? 0;
    if ("median" in latency) {
      const [median, p99] = [parseDuration(latency.median) ?? 0, parseDuration(latency.p99) ?? 0];
      return Math.min(MAX_LATENCY_MS, Math.round(median * (p99 / median) ** (this.#drawNormal() / NORMAL_P99)));
    }
    const [min, max] = [parseDuration(latency.min) ?? 0, parseDuration(latency.max) ?? 0];
    return Math.round(min + this.#draw() * (max - min));
  }

  /** Takes back that the rule was applied to the last request: it had nothing to be applied to. */
  giveBack(): void {
    this.#applied -= 1;
  }

  show(): Fault {
    const preset = this.#preset === undefined ? {} : { preset: this.#preset };
    return { id: this.id, ...preset, rule: { ...this.rule }, matched: this.#matched, applied: this.#applied };
  }

  #isInScope({ method, path, route, event }: Exchange): boolean {
    const { rule } = this;
    const now = this.#clock.now();
    return (
      now >= this.#from &&
      now < this.#until &&
      (rule.method === undefined || rule.method.toUpperCase() === method) &&
      (rule.operation === undefined || rule.operation === route?.operation.id) &&
      (rule.workspace === undefined ||
        rule.workspace === (event.req.headers.get("comet-workspace") || DEFAULT_WORKSPACE)) &&
      this.#isPath(path)
    );
  }

  /** A number of the normal distribution, by the method of Box and Muller. */
  #drawNormal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#draw())) * Math.cos(2 * Math.PI * this.#draw());
  }

  /** A number from 0 to below 1. */
  #draw(): number {
    return Buffer.from(this.#random.bytes(6)).readUIntBE(0, 6) / 2 ** 48;
  }
}

/** @param now when the rule is added, in milliseconds since the epoch */
function momentOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const after = parseDuration(text);
  return after === undefined ? parseTimestamp(text) : now + after;
}
