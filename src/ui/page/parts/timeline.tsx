import type { VNode } from "preact";
import { Time } from "./time.tsx";

export interface Step {
  label: string;
  /** Absent for what has not happened. */
  time: string | undefined;
  /** How long after the step before. */
  after?: string | undefined;
  note?: string;
}

/** What happened, from left to right. */
export function Timeline({ steps }: { steps: readonly Step[] }): VNode {
  return (
    <ol class="timeline">
      {steps.map(({ label, time, after, note }, index) => (
        <li key={index} class={time === undefined ? "open" : "done"}>
          <strong>{label.replaceAll("_", " ")}</strong>
          {time === undefined ? <span class="faint">not yet</span> : <Time value={time} />}
          {after !== undefined && <span class="faint">after {after}</span>}
          {note !== undefined && <span class="faint">{note}</span>}
        </li>
      ))}
    </ol>
  );
}
