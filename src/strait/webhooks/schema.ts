import * as v from "valibot";
import { pageOf } from "../wire/schemas.ts";
import { integer, string } from "../wire/values.ts";

/** The status of a delivery: `dead` is given up. */
const DELIVERY_STATUSES = ["pending", "delivered", "dead"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** By what a list can be filtered; the real server knows one more status, which no delivery has. */
export const SHOWN_STATUSES = [...DELIVERY_STATUSES, "failed"] as const;

const dateTime = string({ format: "date-time" });
const text = v.optional(string());

/** A webhook delivery (`domain.WebhookDelivery` of the real server). */
export const delivery = v.object({
  id: string(),
  run_id: text,
  job_id: text,
  event_trigger_id: text,
  project_id: string(),
  webhook_url: string(),
  webhook_retry_policy: v.literal("exponential"),
  status: v.picklist(DELIVERY_STATUSES),
  attempts: integer(),
  max_attempts: integer(),
  last_status_code: v.optional(integer()),
  last_error: text,
  next_retry_at: v.optional(dateTime),
  delivered_at: v.optional(dateTime),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Delivery = v.InferOutput<typeof delivery>;

export const deliveryPage = pageOf(delivery);
