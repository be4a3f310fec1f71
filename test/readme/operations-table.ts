import type { Route } from "../../src/http/route.ts";
import { notServed, type PublishedOperation, PUBLISHED } from "../../src/opik/published/operations.ts";

const START = "<!-- operations: npm run help:operations -->";
const END = "<!-- /operations -->";

/** The text with its table of Opik's operations written anew from the routes of a server. */
export function withOperationsTable(text: string, routes: ReadonlyArray<Pick<Route, "method" | "path">>): string {
  const start = text.indexOf(START) + START.length;
  const end = text.indexOf(END);
  if (start < START.length || end < start) throw new Error(`help/emulated.md has no ${START} ... ${END}`);
  return `${text.slice(0, start)}\n\n${operationsTable(new Set(notServed(routes)))}\n\n${text.slice(end)}`;
}

function operationsTable(declined: ReadonlySet<PublishedOperation>): string {
  const byTag = Map.groupBy(PUBLISHED, ({ tag }) => tag);
  const rows = [...byTag].map(([tag, operations]) => {
    const missing = operations.filter((operation) => declined.has(operation));
    const served = operations.length - missing.length;
    const names = missing.map(({ id }) => `\`${id}\``).join(", ");
    return [tag, `${served} of ${operations.length}`, served === 0 ? "all" : names];
  });
  return [["part of Opik's API", "served", "answers 501"], ["---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
