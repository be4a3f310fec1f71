import { createHmac } from "node:crypto";

/** The signature headers of a push [strait 5.1]. @param now milliseconds since the epoch */
export function signature(
  secret: string,
  body: string,
  now: number,
): Record<"x-strait-timestamp" | "x-strait-signature", string> {
  const timestamp = String(Math.floor(now / 1_000));
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return { "x-strait-timestamp": timestamp, "x-strait-signature": `v1=${digest}` };
}
