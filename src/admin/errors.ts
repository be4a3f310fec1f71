import { JsonSyntaxError } from "../core/json.ts";
import { TooManyOpenPollsError } from "../core/open-polls.ts";
import { isWriteRefused, WRITE_REFUSED } from "../database/errors.ts";
import { describeMistake, FixtureError } from "../fixtures/format/mistakes.ts";
import { type Answer, RequestRefused } from "../http/route.ts";
import { OpikError } from "../opik/wire/errors.ts";

/** An error of the server's own endpoints: `{"error":{"message","details"}}`. */
export class LocalError extends Error {
  readonly status: number;
  readonly details: readonly unknown[] | undefined;

  constructor(status: number, message: string, details?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Converts any error to an answer of these endpoints. Unknown errors become a 500 without internal details. */
export function toLocalAnswer(error: unknown): Answer {
  if (error instanceof RequestRefused) {
    return { ...toAnswer(error.status, error.message), headers: error.headers };
  }
  if (error instanceof LocalError) return toAnswer(error.status, error.message, error.details);
  if (error instanceof TooManyOpenPollsError) return toAnswer(429, error.message);
  if (error instanceof OpikError) return toAnswer(error.status, error.message);
  if (error instanceof JsonSyntaxError) {
    return toAnswer(400, `The body is no JSON: ${error.message} (line ${error.line}, column ${error.column})`);
  }
  if (error instanceof FixtureError) {
    const details = error.mistakes.map((mistake) => ({ ...mistake, text: describeMistake(mistake) }));
    return toAnswer(422, error.summary, details);
  }
  if (isWriteRefused(error)) return toAnswer(503, WRITE_REFUSED);
  return toAnswer(500, "Something went wrong. The server's console says more.");
}

function toAnswer(status: number, message: string, details?: readonly unknown[]): Answer {
  return { status, body: { error: { message, details } } };
}
