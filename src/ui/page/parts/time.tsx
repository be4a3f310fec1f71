import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { relativeTime } from "../format.ts";

const UPDATE_MS = 1_000;

/** The time of the browser, once a second. */
const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, UPDATE_MS);

/** A time as people say it; the exact one when the mouse is on it. */
export function Time({ value }: { value: string | undefined }): VNode {
  if (value === undefined) return <span class="faint">–</span>;
  return (
    <time dateTime={value} title={value}>
      {relativeTime(Date.parse(value), now.value)}
    </time>
  );
}
