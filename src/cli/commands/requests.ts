import type { JournaledRequest } from "../../admin/journal/schema.ts";
import { describeDuration } from "../../core/durations.ts";
import { columnsOf, cut } from "../console/layout.ts";
import { onOneLine } from "../console/short.ts";
import { LIMIT_FLAG, limitOf } from "../limit-flag.ts";
import { alignedLines } from "../table.ts";
import { defineVerb } from "../verb.ts";

/** `opik-local requests`: lists the last requests of the journal. */
export const requestsVerb = defineVerb({
  name: "requests",
  description: "List the last requests that clients have sent",
  flags: {
    path: { type: "string", valueHint: "pattern", description: "Only of this path; * is one segment, ** any number" },
    method: { type: "string", valueHint: "method", description: "Only with this method" },
    status: { type: "string", valueHint: "status", description: "Only with this status, such as 404 or 4xx" },
    unmatched: { type: "boolean", description: "Only those that have no route, with the nearest one" },
    clear: { type: "boolean", description: "Forget all requests" },
    ...LIMIT_FLAG,
  },
  run: async ({ client, flags, terminal, say, data }) => {
    if (flags["clear"] === true) {
      await client.requests.clear();
      data({ cleared: true });
      say("all requests are forgotten");
      return;
    }
    const text = (name: string): string | undefined => (typeof flags[name] === "string" ? flags[name] : undefined);
    const matcher = {
      ...{ path: text("path"), method: text("method")?.toUpperCase(), status: statusOf(text("status")) },
      matched: flags["unmatched"] === true ? false : undefined,
    };
    const requests = await client.requests.find(matcher, limitOf(flags["limit"]));
    data(requests);
    const columns = columnsOf(terminal.stdout) ?? Number.POSITIVE_INFINITY;
    const lines = alignedLines(requests.map(cellsOf)).map((line) => cut(line, columns));
    say(lines.length === 0 ? "no requests" : lines.join("\n"));
  },
});

function cellsOf(request: JournaledRequest): string[] {
  const { method, path, query = "", status, duration_ms, reason = "", nearest_route } = request;
  const why = onOneLine(nearest_route === undefined ? reason : `no route; the nearest is ${nearest_route}`);
  return [method, String(status), describeDuration(duration_ms), `${onOneLine(path + query)} ${why}`.trimEnd()];
}

/** `404` as a number, `4xx` as it is. */
function statusOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}
