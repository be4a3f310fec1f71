import { RawJson } from "../../core/json.ts";
import { formatOptionalTime, formatTime } from "../wire/time.ts";
import type { EventTrigger, EventTriggerStatus, NotifyStatus } from "./schema.ts";

/** One wait for an event, as it is kept; times in milliseconds since the epoch. */
export interface EventTriggerRow {
  id: string;
  event_key: string;
  project_id: string;
  environment_id: string | null;
  source_type: "job_run" | "workflow_step";
  trigger_type: "event" | "sleep";
  job_run_id: string | null;
  status: EventTriggerStatus;
  request_payload_json: string | null;
  response_payload_json: string | null;
  timeout_secs: number;
  requested_at: number;
  received_at: number | null;
  expires_at: number;
  error: string | null;
  notify_url: string | null;
  /** The outcome of the call of `notify_url`. */
  notify_status: NotifyStatus | null;
  sent_by: string | null;
}

/** A wait as the wire shows it [strait 3.2]. */
export function toEventTrigger(row: EventTriggerRow): EventTrigger {
  return {
    id: row.id,
    event_key: row.event_key,
    project_id: row.project_id,
    environment_id: row.environment_id ?? undefined,
    source_type: row.source_type,
    job_run_id: row.job_run_id ?? undefined,
    status: row.status,
    request_payload: raw(row.request_payload_json),
    response_payload: raw(row.response_payload_json),
    timeout_secs: row.timeout_secs,
    requested_at: formatTime(row.requested_at),
    received_at: formatOptionalTime(row.received_at),
    expires_at: formatTime(row.expires_at),
    error: row.error ?? undefined,
    notify_url: row.notify_url ?? undefined,
    notify_status: row.notify_status ?? undefined,
    trigger_type: row.trigger_type,
    sent_by: row.sent_by ?? undefined,
  };
}

function raw(json: string | null): RawJson | undefined {
  return json === null ? undefined : new RawJson(json);
}
