import type { ErrorClass } from "../run/schema.ts";

/** Errors that are not retried [strait 5.2]. */
const FINAL: ReadonlySet<ErrorClass> = new Set(["client", "auth", "budget", "oom"]);
/** Errors for which the fallback endpoint is tried [strait 5.1]. */
const ELSEWHERE: ReadonlySet<ErrorClass> = new Set(["rate_limited", "transient", "connection", "timeout"]);
/** Errors that count as failures of the endpoint, not of the run. */
const ENDPOINT: ReadonlySet<ErrorClass> = new Set(["server", "transient", "connection", "timeout"]);

/** Whether a failure of this class is tried again. */
export function isRetryable(errorClass: ErrorClass): boolean {
  return !FINAL.has(errorClass);
}

/** Whether the fallback endpoint is tried after a failure of this class. */
export function isForFallback(errorClass: ErrorClass): boolean {
  return ELSEWHERE.has(errorClass);
}

/** Whether a failure of this class counts for the endpoint's circuit breaker. */
export function isOfEndpoint(errorClass: ErrorClass): boolean {
  return ENDPOINT.has(errorClass);
}

/** The class of an answer that is no 2xx [strait 5.1]. */
export function classOfStatus(status: number): ErrorClass {
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 403) return "auth";
  if (status >= 400 && status < 500) return "client";
  return status >= 500 ? "server" : "unknown";
}
