import * as v from "valibot";
import { parseDuration } from "../../core/durations.ts";
import { parseTimestamp } from "../../core/timestamps.ts";
import { pathPattern } from "../path-pattern.ts";
import { isLocalPath } from "../route.ts";
import { PRESET_NAMES } from "./presets.ts";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** The limit of durations: a test that waits longer has forgotten it. */
const MAX_DURATION_MS = 24 * 3_600_000;

const duration = v.pipe(
  v.string(),
  v.check((given) => {
    const ms = parseDuration(given);
    return ms !== undefined && ms <= MAX_DURATION_MS;
  }, "must be a duration such as 200ms, 5s or 1m, 24h at most"),
);

/** A duration after the rule was added, or a time. */
const moment = v.pipe(
  v.string(),
  v.check(
    (given) => parseDuration(given) !== undefined || parseTimestamp(given) !== undefined,
    "must be a duration after the rule was added, such as 30s, or a time such as 2026-01-01T00:00:30Z",
  ),
);

/** Headers that say where the body ends: a client could not read an answer with others. */
const FRAMING = /^(?:content-length|transfer-encoding|trailer|upgrade)$/i;

const headers = v.record(
  v.pipe(
    v.string(),
    v.regex(/^[!#$%&'*+.^`|~\w-]+$/, "must be a header name"),
    v.check((name) => !FRAMING.test(name), "is a header that the server sets; cut ends an answer in its middle"),
  ),
  v.pipe(v.string(), v.regex(/^[\t\x20-\x7E]*$/, "must be printable ASCII")),
);

const latency = v.union(
  [
    duration,
    v.pipe(
      v.strictObject({ median: duration, p99: duration }),
      v.check(({ median, p99 }) => {
        const ms = parseDuration(median) ?? 0;
        return ms > 0 && ms <= (parseDuration(p99) ?? 0);
      }, "must have a median above 0 and not above its p99"),
    ),
    v.pipe(
      v.strictObject({ min: duration, max: duration }),
      v.check(
        ({ min, max }) => (parseDuration(min) ?? 0) <= (parseDuration(max) ?? 0),
        "must have a min that is not above its max",
      ),
    ),
  ],
  "must be a duration such as 200ms, a range such as {min: 20ms, max: 2s}, or a distribution such as {median: 80ms, p99: 2s}",
);

/** The server is of no use to others meanwhile, and a test cannot end it. */
const MAX_STALL_MS = 10_000;

const stall = v.pipe(
  v.string(),
  v.check((given) => {
    const ms = parseDuration(given);
    return ms !== undefined && ms <= MAX_STALL_MS;
  }, "must be a duration such as 200ms, 10s at most"),
);

/** A duration that may be negative. */
const offset = v.pipe(
  v.string(),
  v.check((given) => v.is(duration, given.replace(/^-/, "")), "must be a duration such as 5m or -5m, 24h at most"),
);

/** The requests of a rule: those that meet all of these conditions. */
const scope = {
  method: v.optional(text),
  /** A pattern: see `admin/path-pattern.ts`. */
  path: v.optional(
    v.pipe(
      pathPattern,
      v.check((path) => !isLocalPath(path), "must be a path of an API: no fault is injected into the server's own"),
    ),
  ),
  /** The `operationId` of the OpenAPI document. */
  operation: v.optional(text),
  /** Id or name of the runner that the path, or the job in the path, belongs to. */
  runner: v.optional(text),
  /** The agent of the job that the path or the body names. */
  agent: v.optional(text),
  workspace: v.optional(text),
};

/** When a rule is applied to such a request. */
const occasion = {
  /** How often it is applied at most. */
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** Rules with the same seed make the same choices for the same requests. */
  seed: v.optional(v.union([v.string(), v.number()])),
  from: v.optional(moment),
  until: v.optional(moment),
};

/** The effect. */
const effect = {
  /** Answered instead of the route, which does nothing. */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  /** The JSON of that answer; default the error of the API. */
  body: v.optional(v.unknown()),
  headers: v.optional(headers),
  /** The `Retry-After` of that answer: whole seconds, or a duration. */
  retryAfter: v.optional(
    v.union(
      [v.pipe(v.number(), v.integer(), v.minValue(0)), duration],
      "must be whole seconds, or a duration such as 5s",
    ),
  ),
  /** How long the request waits before anything is done, by the server's clock. */
  latency: v.optional(latency),
  /** The connection is reset before the route has done its work, or after it. */
  reset: v.optional(v.picklist(["before", "after"], 'must be "before" or "after" (the work is done)')),
  /** The work is done, and the connection ends in the middle of the answer. */
  cut: v.optional(v.boolean()),
  /** Nothing is done and nothing answered, until the client gives up. */
  drop: v.optional(v.boolean()),
  /** The error of a database that is locked is answered, and nothing is done. */
  busy: v.optional(v.boolean()),
  /** The whole server stands still before anything is done, as with a slow disk, in real time. */
  stall: v.optional(stall),
  /**
   * The runner of the path is removed first, as by a newer one: the answer is 410. Of a request of an executor, the attempt of
   * its run is ended first, as without heartbeats: the executor is answered that it has lost the run.
   */
  evict: v.optional(v.boolean()),
  /** The answer, such as an assigned job, is given a second time: to the next request of the same method and path. */
  duplicate: v.optional(v.boolean()),
  /** How much the clock of the server is wrong in the times of the answer. */
  skew: v.optional(offset),
};

const ruleFields = v.object({ ...scope, ...occasion, ...effect });

/** A fault: which requests, when, and what happens. */
export type FaultRule = v.InferOutput<typeof ruleFields>;

/** Effects of which a rule has one at most. */
function endsOf({ status, reset, cut, drop, busy }: FaultRule): string[] {
  const given = {
    ...{ status: status !== undefined, reset: reset !== undefined },
    ...{ cut: cut === true, drop: drop === true, busy: busy === true },
  };
  return Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
}

/** Whether something happens to a request. */
function hasEffect(rule: FaultRule): boolean {
  const { latency, stall, evict, duplicate, skew } = rule;
  const others = [latency, stall, skew].some((given) => given !== undefined) || evict === true || duplicate === true;
  return others || endsOf(rule).length > 0;
}

/** Statuses whose answers have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Whether a rule begins before it ends; of a duration and a time this is not known beforehand. */
function isAnyTime({ from, until }: FaultRule): boolean {
  if (from === undefined || until === undefined) return true;
  const [after, end] = [parseDuration(from), parseDuration(until)];
  if (after !== undefined && end !== undefined) return after < end;
  return !((parseTimestamp(from) ?? Number.NaN) >= (parseTimestamp(until) ?? Number.NaN));
}

/** What a preset may be given, besides its name. */
const OF_PRESETS: ReadonlySet<string> = new Set(["preset", "seed", ...Object.keys(scope)]);

/** Body of `POST /__local/faults`: a rule, or the rules of a preset. */
export const faultRequest = v.pipe(
  v.strictObject({
    /** The name of rules that ship with the server. */
    preset: v.optional(v.picklist(PRESET_NAMES, `must be one of ${PRESET_NAMES.join(", ")}`)),
    ...scope,
    ...occasion,
    ...effect,
  }),
  v.check(
    ({ preset, ...rule }) => preset !== undefined || hasEffect(rule),
    "A rule needs an effect (status, latency, reset, cut, drop, busy, stall, evict, duplicate or skew) or a preset",
  ),
  v.check(
    (request) => request.preset === undefined || Object.keys(request).every((name) => OF_PRESETS.has(name)),
    `A preset has rules of its own, which can be limited only by ${[...OF_PRESETS].slice(2).join(", ")}, and given a seed`,
  ),
  v.check((rule) => endsOf(rule).length <= 1, "A rule has only one of status, reset, cut, drop and busy"),
  v.check(
    ({ preset, status, body, headers, retryAfter }) =>
      preset !== undefined ||
      status !== undefined ||
      (body === undefined && headers === undefined && retryAfter === undefined),
    "body, headers and retryAfter belong to a status",
  ),
  v.check(
    ({ status, body }) => body === undefined || status === undefined || !WITHOUT_BODY.has(status),
    `An answer of status ${[...WITHOUT_BODY].join(", ")} has no body`,
  ),
  v.check((rule) => isAnyTime(rule), "from must be before until"),
);
export type FaultRequest = v.InferOutput<typeof faultRequest>;

const count = v.pipe(v.number(), v.integer());

/** A rule with how often it was applied. */
export const fault = v.object({
  id: v.string(),
  /** The preset that it belongs to. */
  preset: v.optional(v.string()),
  rule: v.looseObject({}),
  /** How many requests it was for, while it was in effect. */
  matched: count,
  /** How many of them it was applied to. */
  applied: count,
});
export type Fault = v.InferOutput<typeof fault>;

/** Answer of `GET` and `POST /__local/faults`. */
export const faultList = v.object({ faults: v.array(fault), presets: v.record(v.string(), v.string()) });
export type FaultList = v.InferOutput<typeof faultList>;
