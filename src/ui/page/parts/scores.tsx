import type { VNode } from "preact";
import type { Score } from "../api.ts";

const DIGITS = 3;

/** Feedback scores by name; the reason as a tooltip. */
export function Scores({ scores }: { scores: readonly Score[] | undefined }): VNode | null {
  if (scores === undefined || scores.length === 0) return null;
  return (
    <ul class="scores">
      {scores.map(({ name, value, reason }) => (
        <li key={name} title={reason}>
          <span class="faint">{name}</span> {Number(Number(value).toFixed(DIGITS))}
        </li>
      ))}
    </ul>
  );
}
