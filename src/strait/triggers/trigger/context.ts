import type { RequestHeaders } from "../../../http/request-event.ts";
import { runKeyOf } from "../../access/idempotency/keys.ts";
import { StraitError } from "../../wire/errors.ts";

/** The parts of a trigger request outside of its body. */
export interface TriggerContext {
  idempotencyKey: string | undefined;
  /** Tracing headers that the executor receives, by name in lower case. */
  traceHeaders: Readonly<Record<string, string>>;
}

/** The longest length of each tracing header, in bytes [strait 4.2]. */
const TRACE_HEADERS = { traceparent: 256, tracestate: 8_192, "sentry-trace": 8_192, baggage: 8_192 };
const MAX_KEY_BYTES = 256;

/** Reads the headers of a trigger; their lengths are checked later. */
export function readContext(headers: RequestHeaders): TriggerContext {
  const trace = Object.keys(TRACE_HEADERS).flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { idempotencyKey: runKeyOf(headers), traceHeaders: Object.fromEntries(trace) };
}

/** @throws StraitError 400 for a header that is too long */
export function checkTraceHeaders({ traceHeaders }: TriggerContext): void {
  for (const [name, most] of Object.entries(TRACE_HEADERS)) {
    if ((traceHeaders[name]?.length ?? 0) <= most) continue;
    throw new StraitError(400, `${name} header exceeds maximum length of ${most} bytes`);
  }
}

/** Tracing headers as they are stored in a run. */
export function writeTraceHeaders({ traceHeaders }: TriggerContext): string | null {
  return Object.keys(traceHeaders).length === 0 ? null : JSON.stringify(traceHeaders);
}

/**
 * @param where names the item of many, such as ` for item 2`
 * @throws StraitError 400
 */
export function checkIdempotencyKey(key: string | undefined, where = ""): void {
  if (key === undefined || Buffer.byteLength(key) <= MAX_KEY_BYTES) return;
  throw new StraitError(400, `idempotency key${where} must be ${MAX_KEY_BYTES} characters or fewer`);
}
