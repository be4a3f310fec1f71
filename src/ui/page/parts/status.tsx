import type { VNode } from "preact";

type Meaning = "good" | "bad" | "busy" | "waiting" | "off";

/** The meaning of a status: its colour and its shape, which differ both, for eyes that see no colours. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ...{ connected: "good", completed: "good", received: "good", success: "good", delivered: "good", active: "good" },
  ...{ failed: "bad", crashed: "bad", timed_out: "bad", system_failed: "bad", dead_letter: "bad", dead: "bad" },
  ...{ running: "busy", executing: "busy", picked_up: "busy", dequeued: "busy" },
  ...{ pending: "waiting", queued: "waiting", delayed: "waiting", waiting: "waiting", pairing: "waiting" },
  ...{ expired: "off", cancelled: "off", canceled: "off", paused: "off", disconnected: "off", inactive: "off" },
};
const SHAPES: Readonly<Record<Meaning, string>> = { good: "✓", bad: "✕", busy: "▶", waiting: "◷", off: "–" };

/** The shape of a status alone. */
export function StatusShape({ value }: { value: string }): VNode {
  const meaning = MEANINGS[value] ?? "off";
  return (
    <span class={meaning} aria-hidden="true">
      {SHAPES[meaning]}
    </span>
  );
}

/** The status of a runner, job, run or wait. */
export function Status({ value }: { value: string }): VNode {
  return (
    <span class={`status ${MEANINGS[value] ?? "off"}`}>
      <StatusShape value={value} /> {value.replaceAll("_", " ")}
    </span>
  );
}
