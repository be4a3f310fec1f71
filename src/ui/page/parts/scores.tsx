import type { VNode } from "preact";

export interface Score {
  name: string;
  /** A number, which the server may write with more digits than a number has. */
  value: unknown;
  reason?: string | undefined;
}

const DIGITS = 3;

/** Feedback scores by name; the reason when the mouse is on one. */
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
