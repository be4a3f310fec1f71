import * as v from "valibot";
import { pageOf } from "../wire/schemas.ts";
import {
  boolean,
  freeForm,
  integer,
  number,
  object,
  optional,
  optionalNonZero,
  required,
  string,
} from "../wire/values.ts";

export const EVENT_TRIGGER_STATUSES = ["waiting", "received", "timed_out", "canceled"] as const;
export type EventTriggerStatus = (typeof EVENT_TRIGGER_STATUSES)[number];

const NOTIFY_STATUSES = ["pending", "sent", "failed"] as const;
export type NotifyStatus = (typeof NOTIFY_STATUSES)[number];

export const SOURCE_TYPES = ["job_run", "workflow_step"] as const;

const dateTime = string({ format: "date-time" });
const text = v.optional(string());

/** One wait for an event [strait 3.2]. */
export const eventTrigger = v.object({
  id: string(),
  event_key: string(),
  project_id: string(),
  environment_id: text,
  source_type: v.picklist(SOURCE_TYPES),
  job_run_id: text,
  status: v.picklist(EVENT_TRIGGER_STATUSES),
  request_payload: v.optional(freeForm()),
  response_payload: v.optional(freeForm()),
  timeout_secs: integer(),
  requested_at: dateTime,
  received_at: v.optional(dateTime),
  expires_at: dateTime,
  error: text,
  notify_url: text,
  notify_status: v.optional(v.picklist(NOTIFY_STATUSES)),
  trigger_type: v.picklist(["event", "sleep"]),
  sent_by: text,
});
export type EventTrigger = v.InferOutput<typeof eventTrigger>;

export const eventTriggerPage = pageOf(eventTrigger);

/** Body of an executor's `wait-for-event` [strait 2.12]. */
export const waitRequest = object(
  {
    event_key: required(string()),
    timeout_secs: optional(integer()),
    notify_url: optionalNonZero(string()),
  },
  "SDKWaitForEventRequest",
);
export type WaitRequest = v.InferOutput<typeof waitRequest>;

export const waitResponse = v.object({
  event_key: string(),
  expires_at: dateTime,
  status: v.literal("waiting"),
  trigger_id: string(),
});
export type WaitResponse = v.InferOutput<typeof waitResponse>;

/** Body of `POST /v1/events/{key}/send` [strait 4.5]; an absent payload differs from `null`. */
export const sendRequest = object({ payload: optional(freeForm()) }, "SendEventRequest");

export const sentByPrefix = v.object({ resolved: integer(), triggers: v.array(eventTrigger) });

export const purgeRequest = object(
  {
    older_than_days: v.pipe(optional(integer()), v.metadata({ required: true })),
    dry_run: optional(boolean()),
  },
  "purgeEventTriggersRequest",
);
export type PurgeRequest = v.InferOutput<typeof purgeRequest>;

/** How many waits were deleted or, in a dry run, would have been. */
export const purgeResponse = v.object({
  deleted: v.optional(integer()),
  dry_run: v.optional(boolean()),
  would_delete: v.optional(integer()),
});
export type PurgeResponse = v.InferOutput<typeof purgeResponse>;

export const eventTriggerStats = v.object({
  total_count: integer(),
  waiting_count: integer(),
  received_count: integer(),
  timed_out_count: integer(),
  canceled_count: integer(),
  avg_wait_duration_secs: number(),
});
export type EventTriggerStats = v.InferOutput<typeof eventTriggerStats>;
