import type { VNode } from "preact";
import { post, request, type Run } from "../api.ts";
import { Act } from "./act.tsx";

const ENDED: ReadonlySet<string> = new Set([
  ...["completed", "failed", "timed_out", "crashed", "system_failed", "canceled", "expired", "dead_letter"],
]);

/** Whether a run has a status that it keeps. */
export function isEnded({ status }: Run): boolean {
  return ENDED.has(status);
}

/** What can be done to a run, in its status. */
export function RunActions({ run, onDone }: { run: Run; onDone: () => void }): VNode {
  const path = `/v1/runs/${run.id}`;
  const { status } = run;
  const actions: Array<[label: string, isPossible: boolean, work: () => Promise<unknown>]> = [
    ["Cancel", !isEnded(run), () => request("DELETE", path)],
    // A time in the past, also by a virtual clock.
    ["Start now", status === "delayed", () => post(`${path}/reschedule`, { scheduled_at: run.created_at })],
    ["Pause", status === "executing", () => post(`${path}/pause`)],
    ["Resume", status === "paused", () => post(`${path}/resume`)],
    ["Replay", isEnded(run) && status !== "completed" && status !== "dead_letter", () => post(`${path}/replay`)],
    ["Replay from the dead letter queue", status === "dead_letter", () => post(`${path}/dlq-replay`)],
  ];
  return (
    <>
      {actions
        .filter(([, isPossible]) => isPossible)
        .map(([label, , work]) => (
          <Act key={label} work={work} onDone={onDone}>
            {label}
          </Act>
        ))}
    </>
  );
}
