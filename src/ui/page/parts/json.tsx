import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { preview } from "../format.ts";
import { isPrinting } from "../printing.ts";

/** Levels that are open at first. */
const OPEN_LEVELS = 2;
/** Entries of one object or array that are shown at first, and with each further step. */
const STEP = 200;
/** Texts that are shown in one line. */
const SHORT = 200;

interface JsonProps {
  value: unknown;
  /** The key of an object, or the index of an array, whose value this is. */
  name?: string;
  level?: number;
}

/** JSON as a tree with branches that fold. Folded branches are not rendered, but all of them are printed. */
export function Json({ value, name, level = 0 }: JsonProps): VNode {
  const [isUnfolded, setUnfolded] = useState(level < OPEN_LEVELS);
  const [shown, setShown] = useState(STEP);
  const isOpen = isUnfolded || isPrinting.value;
  const limit = isPrinting.value ? Number.POSITIVE_INFINITY : shown;
  const isBranch = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (!isBranch) {
    return (
      <>
        <Name name={name} />
        <Leaf value={value} />
      </>
    );
  }
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return (
    <details
      class="json"
      open={isOpen}
      onToggle={(event) => {
        if (!isPrinting.value) setUnfolded(event.currentTarget.open);
      }}
    >
      <summary>
        <Name name={name} />
        {isOpen ? open : <span class="faint json-preview">{preview(value, 60)}</span>}
      </summary>
      {isOpen && (
        <ul>
          {entries.slice(0, limit).map(([key, entry]) => (
            <li key={key}>
              <Json name={key} value={entry} level={level + 1} />
            </li>
          ))}
          {entries.length > limit && (
            <li>
              <button type="button" class="bare" onClick={() => setShown(shown + STEP)}>
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

function Name({ name }: { name: string | undefined }): VNode | null {
  if (name === undefined) return null;
  return (
    <>
      <span class="json-key">{name}</span>:{" "}
    </>
  );
}

/** A value without entries. */
function Leaf({ value }: { value: unknown }): VNode {
  if (value === undefined) return <span class="faint">nothing</span>;
  if (typeof value === "string") return <Text value={value} />;
  if (typeof value === "object" && value !== null)
    return <span class="faint">{Array.isArray(value) ? "[]" : "{}"}</span>;
  return <span class={`json-${value === null ? "object" : typeof value}`}>{String(value)}</span>;
}

/** Long texts and those of several lines have a block of their own. */
function Text({ value }: { value: string }): VNode {
  if (value.includes("\n") || value.length > SHORT) return <pre class="plain">{value}</pre>;
  return <span class="json-string">{JSON.stringify(value)}</span>;
}
