/*
 * The shapes of faults and requests, written out for editors to show. `admin/` checks them by schemas, which have the
 * same fields: the compiler compares them where they are passed on.
 */

/** A fault: which requests it is for, when, and what then happens. */
export interface TestFaultRule {
  method?: string | undefined;
  /** `*` for one segment of the path, `**` for any number. */
  path?: string | undefined;
  /** The `operationId` of the OpenAPI document. */
  operation?: string | undefined;
  /** Id or name of the runner that the path, or the job in the path, belongs to. */
  runner?: string | undefined;
  /** The agent of the job that the path or the body names. */
  agent?: string | undefined;
  workspace?: string | undefined;
  /** How often it is applied at most. */
  times?: number | undefined;
  /** From 0 to 1; default always. */
  probability?: number | undefined;
  /** Rules with the same seed make the same choices for the same requests. */
  seed?: string | number | undefined;
  /** A duration after the rule was added (`30s`), or a time. */
  from?: string | undefined;
  until?: string | undefined;
  /** Answered instead of the route, which does nothing. */
  status?: number | undefined;
  /** The JSON of that answer; default the error of the API. */
  body?: unknown;
  headers?: Record<string, string> | undefined;
  /** The `Retry-After` of that answer: whole seconds, or a duration. */
  retryAfter?: string | number | undefined;
  /** How long the request waits before anything is done, by the server's clock. */
  latency?: string | { min: string; max: string } | { median: string; p99: string } | undefined;
  /** The connection is reset before the route has done its work, or after it. */
  reset?: "before" | "after" | undefined;
  /** The work is done, and the connection ends in the middle of the answer. */
  cut?: boolean | undefined;
  /** Nothing is done and nothing answered, until the client gives up. */
  drop?: boolean | undefined;
  /** The error of a database that is locked is answered, and nothing is done. */
  busy?: boolean | undefined;
  /** The whole server stands still before anything is done, as with a slow disk, in real time: `200ms`, 10 s at most. */
  stall?: string | undefined;
  /**
   * The runner of the path is removed first, as by a newer one: the answer is 410. Of a request of an executor, the attempt of
   * its run is ended first, as without heartbeats: the executor is answered that it has lost the run.
   */
  evict?: boolean | undefined;
  /** The answer, such as an assigned job, is given a second time: to the next request of the same method and path. */
  duplicate?: boolean | undefined;
  /** How much the clock of the server is wrong in the times of the answer: `5m`, `-5m`. */
  skew?: string | undefined;
}

/** A fault, or the faults of a preset. */
export interface NewTestFault extends TestFaultRule {
  preset?: "flaky-network" | "overloaded" | "restart-loop" | "half-open" | undefined;
}

/** A fault in use. */
export interface TestFault {
  id: string;
  /** The preset that it belongs to. */
  preset?: string | undefined;
  rule: Record<string, unknown>;
  /** How many requests it was for, while it was in effect. */
  matched: number;
  /** How many of them it was applied to. */
  applied: number;
}

/** Which requests are meant: those that fulfil all of these. */
export interface TestRequestMatcher {
  method?: string | undefined;
  /** `*` for one segment of the path, `**` for any number. */
  path?: string | undefined;
  /** The `operationId` of the OpenAPI document. */
  operation?: string | undefined;
  workspace?: string | undefined;
  /** `404`, or `"4xx"` for all from 400 to 499. */
  status?: number | string | undefined;
  /** Whether a route answered. */
  matched?: boolean | undefined;
  headers?: Record<string, string> | undefined;
  /** A text that the request's body contains. */
  body_contains?: string | undefined;
  /** Values in the request's JSON body by their paths (`inputs.question`, `items[0].name`). */
  body_json?: Record<string, unknown> | undefined;
  /** Only requests after the one with this sequence. */
  since?: number | undefined;
}

/** A body, cut off behind 64 kB. */
interface TestBody {
  text: string;
  is_cut: boolean;
}

/** A request with its answer, secrets redacted. */
export interface TestRequest {
  sequence: number;
  received_at: string;
  duration_ms: number;
  method: string;
  path: string;
  /** With its question mark; absent when there is none. */
  query?: string | undefined;
  workspace: string;
  headers: Record<string, string>;
  body?: TestBody | undefined;
  /** Whether a route answered. */
  matched: boolean;
  /** The operation of the OpenAPI document; absent without a route. */
  operation?: string | undefined;
  /** The route that was probably meant, of a request without one. */
  nearest_route?: string | undefined;
  status: number;
  /** Why the request was refused. */
  reason?: string | undefined;
  answer: { headers: Record<string, string>; body?: TestBody | undefined };
  /** Whether the client has read the answer; only of answers in which something is assigned. */
  delivered?: boolean | undefined;
  /** The id of the fault that was injected. */
  fault?: string | undefined;
}
