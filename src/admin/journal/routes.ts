import * as v from "valibot";
import { parseDuration } from "../../core/durations.ts";
import type { Route } from "../../http/route.ts";
import { LocalError } from "../errors.ts";
import { describeIssues, fieldsOf } from "../issues.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import type { Found, Journal } from "./journal.ts";
import { requestMatcher } from "./matcher.ts";
import { findRequest, MAX_LISTED, requestCount, type RequestList, requestList, waitRequest } from "./schema.ts";
import { toJournaledRequest } from "./show.ts";

/** How many of the last requests the error of a wait shows. */
const SHOWN_ON_TIMEOUT = 10;

const LIST_QUERY = ["method", "path", "operation", "workspace", "status", "matched", "since", "limit"];

/** The request journal. */
export function journalRoutes(route: DefineLocalRoute, journal: Journal): Route[] {
  /** @throws LocalError 409 when the journal is switched off */
  const on = (): Journal => {
    if (!journal.isOn) throw new LocalError(409, "The request journal is switched off (OPIK_LOCAL_JOURNAL_SIZE is 0)");
    return journal;
  };
  const toList = ({ entries, lastSequence }: Found, limit: number): RequestList => ({
    requests: entries.slice(-limit).map(toJournaledRequest),
    total: entries.length,
    dropped: journal.dropped,
    last_sequence: lastSequence,
  });
  return [
    route({
      method: "GET",
      path: "/requests",
      id: "listRequests",
      summary: "The last requests with their answers, oldest first, without those to /__local; secrets are redacted",
      query: LIST_QUERY,
      responses: { 200: requestList, 409: localError },
      handle: async ({ query }) => {
        const { limit, ...matcher } = readQuery(query);
        return { status: 200, body: toList(await on().find(matcher), limit), routine: true };
      },
    }),
    route({
      method: "DELETE",
      path: "/requests",
      id: "clearRequests",
      summary: "Forget all requests of the journal, or those of a workspace",
      query: ["workspace"],
      responses: { 204: undefined },
      handle: ({ query: { workspace } }) => {
        if (workspace === undefined) journal.clear();
        else journal.clearWorkspace(workspace);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/requests/count",
      id: "countRequests",
      summary: "Count the requests that fulfil a matcher",
      body: requestMatcher,
      responses: { 200: requestCount, 409: localError },
      handle: async ({ body }) => {
        const { entries, lastSequence } = await on().find(body);
        const counted = { count: entries.length, dropped: journal.dropped, last_sequence: lastSequence };
        return { status: 200, body: counted, routine: true };
      },
    }),
    route({
      method: "POST",
      path: "/requests/find",
      id: "findRequests",
      summary: "Find the requests that fulfil a matcher, oldest first; of more than the limit the last ones",
      body: findRequest,
      responses: { 200: requestList, 409: localError },
      handle: async ({ body: { limit, ...matcher } }) => {
        return { status: 200, body: toList(await on().find(matcher), limit), routine: true };
      },
    }),
    route({
      method: "POST",
      path: "/requests/wait",
      id: "waitForRequests",
      summary:
        "Wait until as many requests fulfil a matcher, counting those of before; 408 shows the last other requests",
      body: waitRequest,
      responses: { 200: requestList, 408: localError, 409: localError },
      handle: async ({ body: { count, timeout, ...matcher }, signal }) => {
        const found = await on().waitFor(matcher, count, parseDuration(timeout) ?? 0, signal);
        if (found.entries.length >= count) return { status: 200, body: toList(found, MAX_LISTED), routine: true };
        const others = await journal.find({ since: matcher.since });
        throw new LocalError(
          408,
          `${found.entries.length} of ${count} requests came within ${timeout}; the last requests are in details`,
          others.entries.slice(-SHOWN_ON_TIMEOUT).map(toJournaledRequest),
        );
      },
    }),
  ];
}

/**
 * Reads the query as the body of `find` says the same.
 * @throws LocalError 400 that names the parameters
 */
function readQuery(query: Readonly<Record<string, string | undefined>>): v.InferOutput<typeof findRequest> {
  const result = v.safeParse(findRequest, {
    ...query,
    ...numberIn(query, "status"),
    ...numberIn(query, "since"),
    ...numberIn(query, "limit"),
    ...(query["matched"] === "true" || query["matched"] === "false" ? { matched: query["matched"] === "true" } : {}),
  });
  if (result.success) return result.output;
  const details = describeIssues(result.issues, fieldsOf(findRequest));
  throw new LocalError(400, "The query does not have the expected form", details);
}

function numberIn(query: Readonly<Record<string, string | undefined>>, name: string): Record<string, number> {
  const text = query[name];
  return text !== undefined && /^\d+$/.test(text) ? { [name]: Number(text) } : {};
}
