import { describeDuration } from "../../core/durations.ts";
import type { Delivery } from "../../strait/webhooks/schema.ts";
import type { Line } from "./lines.ts";
import type { Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";

/** Describes the delivery of a webhook, with only the host of its URL, because the rest may be secret. */
export function describeWebhook(delivery: Delivery, paint: Paint): Line {
  const { id, webhook_url, status, attempts } = delivery;
  const reason = onOneLine(delivery.last_error ?? "");
  const line = (level: Line["level"], text: string): Line => ({
    level,
    text: `webhook ${shortId(id)} ${URL.parse(webhook_url)?.host ?? webhook_url}: ${text}`,
  });
  if (status === "delivered") return line("info", paint("green", "delivered"));
  if (status === "dead") return line("warn", `${paint("red", "given up")} (${reason})`);
  if (attempts === 0) return line("debug", paint("gray", "pending"));
  const delay = Date.parse(delivery.next_retry_at ?? "") - Date.parse(delivery.updated_at);
  return line("warn", `${paint("yellow", `again in ${describeDuration(delay)}`)} (${reason})`);
}
