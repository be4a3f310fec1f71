import * as v from "valibot";
import { parseDuration } from "../../core/durations.ts";
import { requestMatcher } from "./matcher.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const headers = v.record(v.string(), v.string());

/** A body, cut off behind 64 kB. */
const body = v.object({ text: v.string(), is_cut: v.boolean() });

/** A request of the journal with its answer, secrets redacted. */
export const journaledRequest = v.object({
  sequence: count,
  received_at: v.pipe(v.string(), v.isoTimestamp()),
  duration_ms: v.number(),
  method: v.string(),
  path: v.string(),
  /** With its question mark; absent when there is none. */
  query: v.optional(v.string()),
  workspace: v.string(),
  headers,
  /** Absent when there is none, or when the request was refused before it was read. */
  body: v.optional(body),
  /** Whether a route answered. */
  matched: v.boolean(),
  /** The operation of the OpenAPI document; absent without a route. */
  operation: v.optional(v.string()),
  /** The route that was probably meant, of a request without one. */
  nearest_route: v.optional(v.string()),
  status: count,
  /** Why the request was refused. */
  reason: v.optional(v.string()),
  answer: v.object({ headers, body: v.optional(body) }),
  /** Whether the client has read the answer; only of answers in which something is assigned. */
  delivered: v.optional(v.boolean()),
  /** The id of the fault that was injected. */
  fault: v.optional(v.string()),
  /** Whether that fault ended the connection before the whole answer was sent; absent for no. */
  lost: v.optional(v.boolean()),
});
export type JournaledRequest = v.InferOutput<typeof journaledRequest>;

/** Requests, oldest first. */
export const requestList = v.object({
  requests: v.array(journaledRequest),
  /** How many there are; `requests` may be fewer. */
  total: count,
  /** How many the journal has dropped for newer ones. */
  dropped: count,
  /** The sequence of the last request that was looked at: `since` begins behind it. */
  last_sequence: count,
});
export type RequestList = v.InferOutput<typeof requestList>;

/** Answer of `POST /__local/requests/count`. */
export const requestCount = v.object({ count, dropped: count, last_sequence: count });

/** The limit of requests in one answer. */
export const MAX_LISTED = 1_000;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LISTED)), 100);

/** Body of `POST /__local/requests/find`. */
export const findRequest = v.strictObject({ ...requestMatcher.entries, limit });

const MAX_WAIT_MS = 600_000;

/** Body of `POST /__local/requests/wait`. */
export const waitRequest = v.strictObject({
  ...requestMatcher.entries,
  /** How many requests to wait for, counting those of before. */
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  /** In real time. */
  timeout: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => {
        const ms = parseDuration(text);
        return ms !== undefined && ms <= MAX_WAIT_MS;
      }, "must be a duration such as 500ms or 5s, 10m at most"),
    ),
    "5s",
  ),
});
