import type { RequestHeaders } from "../../../http/request-event.ts";
/**
 * Requests carry their idempotency key in one of two headers. When they carry both, the stored answer uses one
 * and the run uses the other [strait 4.2].
 */
const STANDARD = "idempotency-key";
const EXTENDED = "x-idempotency-key";

/** The key under which the answer to a request is stored. */
export function answerKeyOf(headers: RequestHeaders): string | undefined {
  return headers.get(STANDARD) || headers.get(EXTENDED) || undefined;
}

/** The key of the run that a trigger makes. */
export function runKeyOf(headers: RequestHeaders): string | undefined {
  return headers.get(EXTENDED) || headers.get(STANDARD) || undefined;
}
