import { Fragment, type VNode } from "preact";
import { Json } from "./json.tsx";

/** What a runner reports about its environment: a line for each value, with a mark for those that are true or false. */
export function Checklist({ value }: { value: unknown }): VNode {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return <Json value={value} />;
  return (
    <dl class="content facts">
      {Object.entries(value).map(([name, entry]) => (
        <Fragment key={name}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>
            <Entry value={entry} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Entry({ value }: { value: unknown }): VNode {
  if (value === true) return <span class="good">✓ yes</span>;
  if (value === false) return <span class="bad">✕ no</span>;
  if (typeof value === "string") return <span class="mono lines">{value}</span>;
  return <Json value={value} level={1} />;
}
