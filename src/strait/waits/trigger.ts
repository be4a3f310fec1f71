import { integer, json, text } from "../../database/column.ts";
import { type Row, Table } from "../../database/table.ts";
import { time } from "../wire/columns.ts";
import type { EventTrigger, EventTriggerStatus, NotifyStatus } from "./schema.ts";

/** Waits for events; times in milliseconds since the epoch. */
export const EVENT_TRIGGERS = new Table("executor_event_triggers", {
  id: text(),
  event_key: text(),
  project_id: text(),
  environment_id: text().nullable(),
  source_type: text<"job_run" | "workflow_step">().default("job_run"),
  job_run_id: text().nullable(),
  status: text<EventTriggerStatus>().default("waiting").changing(),
  request_payload_json: json().nullable(),
  response_payload_json: json().nullable().changing(),
  timeout_secs: integer(),
  requested_at: time(),
  received_at: time().nullable().changing(),
  expires_at: time(),
  error: text().nullable().changing(),
  notify_url: text().nullable(),
  // the outcome of the call of `notify_url`
  notify_status: text<NotifyStatus>().nullable(),
  trigger_type: text<"event" | "sleep">().default("event"),
  sent_by: text().nullable().changing(),
});

/** One wait for an event, as it is kept. */
export type EventTriggerRow = Row<typeof EVENT_TRIGGERS>;

/** A wait as the wire shows it [strait 3.2]. */
export function toEventTrigger(row: EventTriggerRow): EventTrigger {
  return EVENT_TRIGGERS.toFields(row);
}
