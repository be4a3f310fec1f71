import type { VNode } from "preact";
import { preview } from "../format.ts";

/** Levels that are open at first. */
const OPEN_LEVELS = 2;
/** Entries of one object or array that are shown. */
const MAX_ENTRIES = 200;

/** JSON as a tree whose branches fold. */
export function Json({ value, level = 0 }: { value: unknown; level?: number }): VNode {
  if (value === undefined) return <span class="faint">nothing</span>;
  if (typeof value === "string") return <Text value={value} />;
  if (value === null || typeof value !== "object") return <span class={`json-${typeof value}`}>{String(value)}</span>;
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <span class="faint">{open + close}</span>;
  return (
    <details class="json" open={level < OPEN_LEVELS}>
      <summary>
        <span class="json-open">{open}</span>
        <span class="faint json-preview">{preview(value, 60)}</span>
      </summary>
      <ul>
        {entries.slice(0, MAX_ENTRIES).map(([key, entry]) => (
          <li key={key}>
            <span class="json-key">{key}</span>: <Json value={entry} level={level + 1} />
          </li>
        ))}
        {entries.length > MAX_ENTRIES && <li class="faint">… {entries.length - MAX_ENTRIES} more</li>}
      </ul>
      {close}
    </details>
  );
}

/** Long texts and those of several lines have a block of their own. */
function Text({ value }: { value: string }): VNode {
  if (value.includes("\n") || value.length > 200) return <pre class="json-text">{value}</pre>;
  return <span class="json-string">{JSON.stringify(value)}</span>;
}
