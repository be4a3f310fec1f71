import { diffLines } from "diff";
import type { VNode } from "preact";

/** What has changed from one text to another, line by line. */
export function Diff({ before, after }: { before: string; after: string }): VNode {
  if (before === "" && after === "") return <p class="faint">Neither has any.</p>;
  const parts = diffLines(before, after);
  if (parts.every(({ added, removed }) => !added && !removed)) return <p class="faint">Both are the same.</p>;
  return (
    <div class="content diff">
      {parts.map(({ added, removed, value }, index) => {
        const lines = value.replace(/\n$/, "").split("\n");
        if (added) return lines.map((line, row) => <ins key={`${index} ${row}`}>{line}</ins>);
        if (removed) return lines.map((line, row) => <del key={`${index} ${row}`}>{line}</del>);
        return <div key={index}>{lines.join("\n")}</div>;
      })}
    </div>
  );
}
