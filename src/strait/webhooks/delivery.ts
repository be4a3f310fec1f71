import { integer, text } from "../../database/column.ts";
import { type Row, Table } from "../../database/table.ts";
import { time } from "../wire/columns.ts";
import type { Delivery, DeliveryStatus } from "./schema.ts";

/** Webhook deliveries; times in milliseconds since the epoch. */
export const DELIVERIES = new Table("executor_webhook_deliveries", {
  id: text(),
  // the run whose end it reports
  run_id: text().nullable(),
  job_id: text().nullable(),
  // the wait that it reports
  event_trigger_id: text().nullable(),
  project_id: text(),
  environment_id: text().nullable().internal(),
  webhook_url: text(),
  signing_secret: text().nullable().internal(),
  payload_json: text().internal(),
  status: text<DeliveryStatus>().changing(),
  // how often it was called
  attempts: integer().changing(),
  max_attempts: integer(),
  last_status_code: integer().nullable().changing(),
  last_error: text().nullable().changing(),
  // when it is called next; NULL when it is not any more
  next_retry_at: time().nullable().changing(),
  delivered_at: time().nullable().changing(),
  created_at: time(),
  updated_at: time().changing(),
});

/** A delivery as it is stored. */
export type DeliveryRow = Row<typeof DELIVERIES>;

/** What decides when a delivery is sent. */
export type PendingDelivery = Pick<DeliveryRow, "id" | "status" | "next_retry_at">;

/** A delivery with its whole URL, without its payload and secret. */
export function toDelivery(row: DeliveryRow): Delivery {
  return { ...DELIVERIES.toFields(row), webhook_retry_policy: "exponential" };
}

/**
 * A delivery as the API shows it: its URL without credentials, path and query, which may be secret (`RedactURLForLog` of
 * the real server).
 */
export function toShownDelivery(row: DeliveryRow): Delivery {
  const [, scheme = "", host = ""] = /^([^:]+):\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(row.webhook_url) ?? [];
  const webhook_url = host === "" ? "[invalid-url]" : `${scheme.toLowerCase()}://${host}`;
  return { ...toDelivery(row), webhook_url };
}
