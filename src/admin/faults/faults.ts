import { STATUS_CODES } from "node:http";
import * as v from "valibot";
import type { Background } from "../../core/background.ts";
import type { Clock } from "../../core/clock.ts";
import { didYouMean } from "../../core/did-you-mean.ts";
import { parseDuration } from "../../core/durations.ts";
import { ConfigurationError } from "../../core/errors.ts";
import type { Answered, Exchange, Interceptor } from "../../http/interceptor.ts";
import { type Answer, RequestRefused } from "../../http/route.ts";
import type { AnyResponse } from "../../http/written-response.ts";
import { isControl } from "../route.ts";
import { cutResponse, resetConnection } from "./connection.ts";
import { Holds } from "./holds.ts";
import { type PresetName, rulesOf } from "./presets.ts";
import { Repeats } from "./repeats.ts";
import { ActiveRule, type ReadSubject } from "./rule.ts";
import { type Fault, type FaultRequest, faultRequest, type FaultRule } from "./schema.ts";
import { skewTimes } from "./skew.ts";
import { type Subject, type SubjectSource, subjectOf } from "./subject.ts";

export interface FaultsOptions {
  clock: Clock;
  subjects: SubjectSource;
  maxBodyBytes: number;
  /** The ids of all operations. */
  operations: () => readonly string[];
}

/** The effect on the connection instead of, or with, an answer. */
type Loss = "reset" | "cut" | "drop";

/** Injects faults into exchanges by rules, but never into those that work with the server. */
export class Faults implements Interceptor, Background {
  readonly #options: FaultsOptions;
  readonly #holds: Holds;
  readonly #losses = new WeakMap<Exchange, Loss>();
  readonly #skews = new WeakMap<Exchange, string>();
  readonly #repeats = new Repeats();
  /** The faults of the server's start, to which a reset returns. */
  #atStart: readonly FaultRequest[] = [];
  #rules: readonly ActiveRule[] = [];
  #count = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.#holds = new Holds(options.clock);
  }

  /**
   * Adds a rule, or the rules of a preset, behind the others.
   * @param given a rule or a preset of any origin
   * @throws ConfigurationError that names what is wrong
   */
  add(given: unknown): Fault[] {
    return this.addChecked(this.#check(given, "The fault"));
  }

  /** What is wrong with the operation of a rule; `undefined` when there is such an operation, or none is named. */
  mistakeInOperation({ operation }: Pick<FaultRule, "operation">): string | undefined {
    if (operation === undefined) return undefined;
    const operations = this.#options.operations();
    if (operations.includes(operation)) return undefined;
    return `there is no such operation.${didYouMean(operation, operations)}`;
  }

  /** Adds what is checked already. */
  addChecked({ preset, ...rule }: FaultRequest): Fault[] {
    const added = preset === undefined ? [this.#activate(rule)] : this.#activatePreset(preset, rule);
    this.#rules = [...this.#rules, ...added];
    return added.map((rule) => rule.show());
  }

  /**
   * Adds rules that stay after a reset, with fresh counts and choices.
   * @throws ConfigurationError that names what is wrong; then none is added
   */
  addAtStart(given: readonly unknown[]): void {
    const checked = given.map((rule, index) => this.#check(rule, `Fault ${index + 1}`));
    this.#atStart = [...this.#atStart, ...checked];
    for (const rule of checked) this.addChecked(rule);
  }

  list(): Fault[] {
    return this.#rules.map((rule) => rule.show());
  }

  /** Removes a rule. @returns whether it was there */
  remove(id: string): boolean {
    const others = this.#rules.filter((rule) => rule.id !== id);
    const wasThere = others.length < this.#rules.length;
    this.#rules = others;
    return wasThere;
  }

  /** Removes all rules. Requests that are held back go on. */
  clear(): void {
    this.#rules = [];
    this.#holds.end("over");
  }

  /** Removes the rules that are for a workspace alone, but not those of the start, which begin anew. */
  resetWorkspace(workspace: string): void {
    this.#rules = this.#rules.filter(({ rule }) => rule.workspace !== workspace);
    for (const rule of this.#atStart) if (rule.workspace === workspace) this.addChecked(rule);
  }

  routed(exchange: Exchange): undefined | Promise<Answer | undefined> {
    if (this.#rules.length === 0 || isControl(exchange)) return undefined;
    return this.#apply(exchange);
  }

  async #apply(exchange: Exchange): Promise<Answer | undefined> {
    const again = this.#repeats.take(exchange);
    if (again !== undefined) return again;
    let subject: Promise<Subject> | undefined;
    const { subjects, maxBodyBytes } = this.#options;
    const readSubject: ReadSubject = () => (subject ??= subjectOf(exchange, subjects, maxBodyBytes));
    for (const active of this.#rules) {
      if (!(await active.applies(exchange, readSubject))) continue;
      exchange.fault = active.id;
      const end = await this.#delay(exchange, active.latencyMs());
      if (end === "given up") return this.#lose(exchange, "reset");
      const { status, reset, cut, drop, busy, stall, evict, duplicate, skew } = active.rule;
      if (stall !== undefined) standStill(parseDuration(stall) ?? 0);
      if (evict === true) this.#evict(await readSubject());
      if (duplicate === true) this.#repeats.want(exchange, active);
      if (skew !== undefined) this.#skews.set(exchange, skew);
      if (busy === true) return busyAnswer(exchange);
      if (status !== undefined) return answerOf(exchange, active.rule, status);
      if (reset === "before") return this.#lose(exchange, "reset");
      if (drop === true) return this.#lose(exchange, "drop");
      if (reset === "after" || cut === true) {
        this.#lose(exchange, cut === true ? "cut" : "reset");
        return undefined;
      }
    }
    return undefined;
  }

  sending(exchange: Exchange, response: AnyResponse): AnyResponse | Promise<AnyResponse> {
    const loss = this.#losses.get(exchange);
    if (loss !== undefined) return this.#sendLost(exchange, response, loss);
    const skew = this.#skews.get(exchange);
    return skew === undefined ? response : skewTimes(response, offsetOf(skew), this.#options.clock.now());
  }

  written(exchange: Exchange, answered: Answered): void {
    this.#repeats.written(exchange, answered);
  }

  reset(): void {
    this.stop();
    this.#rules = [];
    this.#repeats.clear();
    this.#count = 0;
  }

  start(): void {
    if (this.#rules.length === 0) for (const rule of this.#atStart) this.addChecked(rule);
  }

  /** Requests that are held back end without an answer: what they ask for must not be done later. */
  stop(): void {
    this.#holds.end("given up");
  }

  #evict({ runnerId, runId }: Subject): void {
    const { subjects } = this.#options;
    if (runnerId !== undefined) subjects.evict(runnerId);
    if (runId !== undefined) subjects.loseAttempt(runId);
  }

  #activatePreset(preset: PresetName, { seed, ...scope }: FaultRule): ActiveRule[] {
    return rulesOf(preset).map((rule) => {
      const seeded = seed === undefined ? {} : { seed: `${seed}:${rule.seed ?? ""}` };
      return this.#activate({ ...scope, ...rule, ...seeded }, preset);
    });
  }

  /** @throws ConfigurationError */
  #check(given: unknown, label: string): FaultRequest {
    const result = v.safeParse(faultRequest, given);
    if (!result.success) throw new ConfigurationError(describe(result.issues[0], label));
    const mistake = this.mistakeInOperation(result.output);
    if (mistake !== undefined) throw new ConfigurationError(`${label}: operation: ${mistake}`);
    return result.output;
  }

  #activate(rule: FaultRule, preset?: string): ActiveRule {
    this.#count += 1;
    return new ActiveRule(`fault-${this.#count}`, rule, this.#options.clock, preset);
  }

  async #delay({ event }: Exchange, latencyMs: number): Promise<"over" | "left" | "given up"> {
    return latencyMs === 0 ? "over" : this.#holds.hold(event.req.signal, latencyMs);
  }

  /** Marks an exchange as lost. @returns the answer that callers without a connection, and the journal, see */
  #lose(exchange: Exchange, loss: Loss): Answer {
    exchange.isLost = true;
    this.#losses.set(exchange, loss);
    return lostAnswer(exchange);
  }

  async #sendLost(exchange: Exchange, response: AnyResponse, loss: Loss): Promise<AnyResponse> {
    const { event, api } = exchange;
    if (loss === "drop") await this.#holds.hold(event.req.signal);
    if (event.runtime?.node === undefined) {
      const { toResponse } = await import("../../http/answer.ts");
      return (await toResponse(lostAnswer(exchange), api, event, () => undefined)).response;
    }
    if (loss === "cut") return cutResponse(exchange, response);
    resetConnection(exchange);
    return response;
  }
}

/** The answer that a rule gives instead of the route. */
function answerOf(exchange: Exchange, { body, headers = {}, retryAfter }: FaultRule, status: number): Answer {
  const all = { ...headers, ...(retryAfter === undefined ? {} : { "retry-after": secondsOf(retryAfter) }) };
  if (body !== undefined || status < 400) return { status, body, headers: all };
  const refused = new RequestRefused(status, `HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim(), all);
  const answer = exchange.api.toAnswer(refused, exchange.event);
  return { ...answer, status, headers: { ...answer.headers, ...all } };
}

function lostAnswer({ api, event, fault }: Exchange): Answer {
  return api.toAnswer(new RequestRefused(503, `The connection was lost (${fault ?? "fault"})`), event);
}

/** What the API answers when its database is locked. */
function busyAnswer({ api, event }: Exchange): Answer {
  return api.toAnswer(new Error("database is locked"), event);
}

/** Keeps the only thread of the server from all work. */
function standStill(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

/** @param skew `-5m` */
function offsetOf(skew: string): number {
  const ms = parseDuration(skew.replace(/^-/, "")) ?? 0;
  return skew.startsWith("-") ? -ms : ms;
}

function secondsOf(retryAfter: number | string): string {
  return String(typeof retryAfter === "number" ? retryAfter : Math.ceil((parseDuration(retryAfter) ?? 0) / 1_000));
}

/** `Fault 2: latency must be a duration such as 200ms` */
function describe(issue: v.BaseIssue<unknown>, label: string): string {
  const path = v.getDotPath(issue);
  return `${label}${path === null ? "" : `: ${path}`}: ${issue.message}.`;
}
