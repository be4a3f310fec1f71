import type { VNode } from "preact";

/** The meaning of a status: its colour and its shape, which differ both, for eyes that see no colours. */
const MEANINGS: Readonly<Record<string, "good" | "bad" | "busy" | "waiting" | "off">> = {
  ...{ connected: "good", completed: "good", received: "good", success: "good" },
  ...{ failed: "bad", crashed: "bad", timed_out: "bad", system_failed: "bad", dead_letter: "bad", expired: "bad" },
  ...{ running: "busy", executing: "busy", picked_up: "busy", dequeued: "busy" },
  ...{ pending: "waiting", queued: "waiting", delayed: "waiting", waiting: "waiting", pairing: "waiting" },
};
const SHAPES = { good: "✓", bad: "✕", busy: "▶", waiting: "◷", off: "–" };

/** The status of a runner, job, run or wait. */
export function Status({ value }: { value: string }): VNode {
  const meaning = MEANINGS[value] ?? "off";
  return (
    <span class={`status ${meaning}`}>
      <span aria-hidden="true">{SHAPES[meaning]}</span> {value.replaceAll("_", " ")}
    </span>
  );
}
