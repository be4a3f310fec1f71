import { createHmac } from "node:crypto";
import { signature } from "../wire/signature.ts";
import type { DeliveryRow } from "./delivery.ts";

/** Half of a SHA-256, in hexadecimal digits. */
const KEY_LENGTH = 32;

/**
 * The headers of a call of a webhook (`prepareDeliveryRequest` of the real server). The replay key is the same
 * for all calls of a delivery, the idempotency key for all deliveries of one call.
 * @param attempt from 1
 * @param now milliseconds since the epoch
 */
export function deliveryHeaders(row: DeliveryRow, attempt: number, now: number): Record<string, string> {
  const { id, event_trigger_id, run_id, job_id, signing_secret: secret, payload_json } = row;
  const call = `${id}:${attempt}`;
  return {
    "content-type": "application/json",
    "x-strait-timestamp": String(Math.floor(now / 1_000)),
    ...(event_trigger_id === null ? {} : { "x-strait-trigger-id": event_trigger_id }),
    ...(run_id === null ? {} : { "x-run-id": run_id }),
    ...(job_id === null ? {} : { "x-job-id": job_id }),
    "x-strait-delivery-id": id,
    "x-strait-attempt": `${attempt}/${row.max_attempts}`,
    "x-strait-idempotency-key": secret === null ? call : `ik_${keyOf(secret, call)}`,
    "x-strait-replay-key": secret === null ? `rk_${id}` : `rk_${keyOf(secret, id)}`,
    ...(secret === null ? {} : signatures(secret, payload_json, now)),
  };
}

function signatures(secret: string, body: string, now: number): Record<string, string> {
  const signed = signature(secret, body, now);
  return { ...signed, "x-webhook-signature": signed["x-strait-signature"] };
}

function keyOf(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex").slice(0, KEY_LENGTH);
}
