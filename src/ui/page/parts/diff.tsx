import { diffLines } from "diff";
import type { VNode } from "preact";

/** What has changed from one text to another, line by line. */
export function Diff({ before, after }: { before: string; after: string }): VNode {
  const parts = diffLines(before, after);
  if (parts.every(({ added, removed }) => !added && !removed)) return <p class="faint">Both are the same.</p>;
  return (
    <div class="content diff">
      {parts.map(({ added, removed, value }, index) => {
        const text = value.replace(/\n$/, "");
        if (added) return <ins key={index}>{text}</ins>;
        if (removed) return <del key={index}>{text}</del>;
        return <div key={index}>{text}</div>;
      })}
    </div>
  );
}
