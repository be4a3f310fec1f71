import * as v from "valibot";
import { JsonDepthError, JsonSyntaxError } from "../../core/json.ts";
import { TooManyOpenPollsError } from "../../core/open-polls.ts";
import { isWriteRefused, WRITE_REFUSED } from "../../database/errors.ts";
import { type Answer, RequestRefused } from "../../http/route.ts";

/**
 * An error that Opik's clients see. The real server has two body shapes, and which one is used where is
 * part of the wire: `{"code","message"}` ([opik 1.3], shape A) and `{"errors":[...]}` (shapes B and C).
 */
export class OpikError extends Error {
  readonly status: number;
  readonly body: { code: number; message: string; details?: string } | { errors: readonly string[] } | undefined;
  /** A hint for the console: a consequence of this answer that the client does not show to its user. */
  notice: string | undefined;

  private constructor(status: number, body: OpikError["body"], message: string) {
    super(message);
    this.status = status;
    this.body = body;
  }

  /** Shape A. */
  static message(status: number, message: string, details?: string): OpikError {
    return new OpikError(status, { code: status, message, ...(details === undefined ? {} : { details }) }, message);
  }

  /** An answer without a body; the message is only for the console. */
  static withoutBody(status: number, message: string): OpikError {
    return new OpikError(status, undefined, message);
  }

  /** Shapes B and C. */
  static errors(status: number, ...errors: string[]): OpikError {
    return new OpikError(status, { errors }, errors.join("; "));
  }
}

/** The bodies of errors, for the OpenAPI document. */
export const opikError = v.union([
  v.object({ code: v.number(), message: v.string(), details: v.optional(v.string()) }),
  v.object({ errors: v.array(v.string()) }),
]);

/** What Jackson says of the body in the place of a mistake. */
const SOURCE = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

/**
 * How the real server words a JSON body that it cannot read.
 * @param at where its text is wrong; left out for a value of the wrong type
 */
export function unreadableJson(reason: string, at?: JsonSyntaxError): OpikError {
  const location =
    at === undefined || at instanceof JsonDepthError ? "" : `\n at [${SOURCE}; line: ${at.line}, column: ${at.column}]`;
  return OpikError.message(400, `Unable to process JSON. ${reason}${location}`);
}

/** `Retry-After` when the limit of open polls is reached, in seconds; the TypeScript SDK respects it. */
const RETRY_POLL_AFTER_SECONDS = "5";

/** Converts any error to an answer of Opik's API. Unknown errors become a 500 without internal details. */
export function toOpikAnswer(error: unknown, errorId: () => string): Answer {
  if (error instanceof OpikError) return { status: error.status, body: error.body };
  if (error instanceof RequestRefused) {
    return { status: error.status, body: { code: error.status, message: error.message }, headers: error.headers };
  }
  // 429 and not 503: it is what this API answers to every other limit, the loops of both SDKs back off on it
  // (1 to 30 s) [opik 5.7], and no proxy takes the server for broken.
  if (error instanceof TooManyOpenPollsError) {
    return {
      ...toOpikAnswer(OpikError.errors(429, error.message), errorId),
      headers: { "retry-after": RETRY_POLL_AFTER_SECONDS },
    };
  }
  if (isWriteRefused(error)) return toOpikAnswer(OpikError.message(503, WRITE_REFUSED), errorId);
  if (error instanceof JsonSyntaxError) return toOpikAnswer(unreadableJson(error.message, error), errorId);
  const message = `There was an error processing your request. It has been logged (ID ${errorId()}).`;
  return { status: 500, body: { code: 500, message } };
}
