import { signal } from "@preact/signals";
import type { VNode } from "preact";
import type { ClockState } from "../../../admin/clock/schema.ts";
import { relativeTime } from "../format.ts";
import { isPrinting } from "../printing.ts";

const UPDATE_MS = 1_000;

/** The time of the server, once a second; that of the browser until the server's is known. */
export const now = signal(Date.now());
let ahead = 0;
let isFrozen = false;
setInterval(() => {
  if (!document.hidden && !isFrozen) now.value = Date.now() + ahead;
}, UPDATE_MS);

/** Counts from the server's clock, which may be a virtual one that stands still. */
export function takeServerTime(clock: Pick<ClockState, "now" | "frozen">): void {
  ahead = Date.parse(clock.now) - Date.now();
  isFrozen = clock.frozen;
  now.value = Date.now() + ahead;
}

/** A relative time (`5 min ago`); the exact time as its tooltip, and on paper. */
export function Time({ value }: { value: string | undefined }): VNode {
  if (value === undefined) return <span class="faint">–</span>;
  return (
    <time dateTime={value} title={value}>
      {isPrinting.value ? printedTime(value) : relativeTime(Date.parse(value), now.value)}
    </time>
  );
}

/** The time to the second; a line may break between day and time. */
function printedTime(value: string): string {
  return value.replace("T", " ").replace(/\.\d+(?=Z|$)/, "");
}
