import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { preview } from "../format.ts";

/** Levels that are open at first. */
const OPEN_LEVELS = 2;
/** Entries of one object or array that are shown at first, and with each further step. */
const STEP = 200;
/** Texts that are shown in one line. */
const SHORT = 200;

/** JSON as a tree with branches that fold. Folded branches are not rendered. */
export function Json({ value, level = 0 }: { value: unknown; level?: number }): VNode {
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS);
  const [limit, setLimit] = useState(STEP);
  if (value === undefined) return <span class="faint">nothing</span>;
  if (typeof value === "string") return <Text value={value} />;
  if (value === null || typeof value !== "object") return <span class={`json-${typeof value}`}>{String(value)}</span>;
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <span class="faint">{open + close}</span>;
  return (
    <details class="json" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{isOpen ? open : <span class="faint json-preview">{preview(value, 60)}</span>}</summary>
      {isOpen && (
        <ul>
          {entries.slice(0, limit).map(([key, entry]) => (
            <li key={key}>
              <span class="json-key">{key}</span>: <Json value={entry} level={level + 1} />
            </li>
          ))}
          {entries.length > limit && (
            <li>
              <button type="button" class="bare" onClick={() => setLimit(limit + STEP)}>
                {entries.length - limit} more
              </button>
            </li>
          )}
        </ul>
      )}
      {isOpen && close}
    </details>
  );
}

/** Long texts and those of several lines have a block of their own. */
function Text({ value }: { value: string }): VNode {
  if (value.includes("\n") || value.length > SHORT) return <pre class="plain">{value}</pre>;
  return <span class="json-string">{JSON.stringify(value)}</span>;
}
