import { hostname } from "node:os";
import type { IdSource } from "../../core/ids.ts";
import { lazily } from "../../core/lazily.ts";
import { TooManyOpenPollsError } from "../../core/open-polls.ts";
import { isWriteRefused, WRITE_REFUSED } from "../../database/errors.ts";
import type { RequestEvent } from "../../http/request-event.ts";
import { type Answer, RequestRefused } from "../../http/route.ts";
import { jsonAnswer, SECURITY_HEADERS } from "./answer.ts";

const CODES: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "authentication_required",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  422: "validation_failed",
  429: "rate_limited",
  503: "service_unavailable",
};

export interface RunsErrorOptions {
  /** Default: the code that belongs to the status. */
  code?: string;
  details?: readonly string[];
  headers?: Readonly<Record<string, string>>;
  /** Why, for parts of the server that decide by it; clients do not see it. */
  reason?: ErrorReason;
}

/** Why a run cannot be replayed: because of its status, or of its job. */
export type ErrorReason = "not-replayable" | "job-unavailable";

/** An error that clients of the runs API see [strait 0.3]. */
export class StraitError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: ErrorReason | undefined;

  constructor(status: number, message: string, options: RunsErrorOptions = {}) {
    super(message);
    this.status = status;
    this.code = options.code ?? CODES[status] ?? "internal_error";
    this.details = options.details;
    this.headers = options.headers ?? {};
    this.reason = options.reason;
  }
}

/** Converts any error of a route to an answer of this API. Unknown errors become a 500 without internal details. */
export type StraitErrorReporter = (error: unknown, event: RequestEvent) => Answer;

/** @param ids the source of the random part of request ids */
export function createErrorReporter(ids: IdSource): StraitErrorReporter {
  let counter = 0;
  // Made with the first error, from a source of its own: other ids do not depend on whether there was one before.
  const prefix = lazily(
    () => `${hostname()}/${Buffer.from(ids.derive("request ids").bytes(8)).toString("base64url").slice(0, 10)}`,
  );
  // The router of the real server takes the caller's id as it is, or counts [strait 0.3].
  const requestId = (event: RequestEvent): string =>
    event.req.headers.get("x-request-id") ?? `${prefix()}-${String((counter += 1)).padStart(6, "0")}`;
  return (error, event) => {
    if (error instanceof RequestRefused) {
      const noSuchRoute = noRouteAnswer(error);
      if (noSuchRoute !== undefined) return noSuchRoute;
    }
    const reported = toRunsError(error);
    const { code, message, details } = reported;
    const body = { error: { code, message, details }, request_id: requestId(event) };
    return jsonAnswer({ status: reported.status, body, headers: reported.headers });
  };
}

function toRunsError(error: unknown): StraitError {
  if (error instanceof StraitError && error.status < 500) return error;
  if (error instanceof StraitError) return new StraitError(error.status, "internal server error", { code: error.code });
  if (error instanceof TooManyOpenPollsError) return new StraitError(429, error.message);
  if (error instanceof RequestRefused) return new StraitError(error.status, error.message, { headers: error.headers });
  if (isWriteRefused(error)) return new StraitError(503, WRITE_REFUSED);
  return new StraitError(500, "internal server error");
}

/** What the real server's router answers before any of its handlers is reached [strait 0.1]. */
function noRouteAnswer(refusal: RequestRefused): Answer | undefined {
  if (refusal.status === 405) {
    return { status: 405, headers: { ...SECURITY_HEADERS, ...refusal.headers } };
  }
  if (refusal.status !== 404) return undefined;
  return {
    status: 404,
    text: "404 page not found\n",
    headers: { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8" },
  };
}
