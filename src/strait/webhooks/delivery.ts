import { formatOptionalTime, formatTime } from "../wire/time.ts";
import type { Delivery, DeliveryStatus } from "./schema.ts";

/** One webhook that is, or was, to be called, as it is kept; times in milliseconds since the epoch. */
export interface DeliveryRow {
  id: string;
  project_id: string;
  environment_id: string | null;
  /** The wait that it reports. */
  event_trigger_id: string | null;
  /** The run whose end it reports. */
  run_id: string | null;
  job_id: string | null;
  webhook_url: string;
  signing_secret: string | null;
  payload_json: string;
  status: DeliveryStatus;
  /** How often it was called. */
  attempts: number;
  max_attempts: number;
  last_status_code: number | null;
  last_error: string | null;
  /** When it is called next; `null` when it is not any more. */
  next_retry_at: number | null;
  delivered_at: number | null;
  created_at: number;
  updated_at: number;
}

/** A delivery as the wire shows it: neither its payload nor its secret. */
export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    run_id: row.run_id ?? undefined,
    job_id: row.job_id ?? undefined,
    event_trigger_id: row.event_trigger_id ?? undefined,
    project_id: row.project_id,
    webhook_url: row.webhook_url,
    webhook_retry_policy: "exponential",
    status: row.status,
    attempts: row.attempts,
    max_attempts: row.max_attempts,
    last_status_code: row.last_status_code ?? undefined,
    last_error: row.last_error ?? undefined,
    next_retry_at: formatOptionalTime(row.next_retry_at),
    delivered_at: formatOptionalTime(row.delivered_at),
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
  };
}
