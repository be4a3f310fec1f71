import type { VNode } from "preact";
import { Json } from "./json.tsx";

/** What a runner reports about its environment: simple values as a list, with a mark for those that are true or false. */
export function Checklist({ value }: { value: unknown }): VNode {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return <Json value={value} />;
  return (
    <div class="content">
      <ul class="checklist">
        {Object.entries(value).map(([name, entry]) => (
          <li key={name}>
            <Mark value={entry} /> {name.replaceAll("_", " ")}{" "}
            {typeof entry !== "boolean" && <Json value={entry} level={1} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Mark({ value }: { value: unknown }): VNode | null {
  if (value === true) return <span class="good">✓</span>;
  if (value === false) return <span class="bad">✕</span>;
  return <span class="faint">·</span>;
}
