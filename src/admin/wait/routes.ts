import { parseDuration } from "../../core/durations.ts";
import type { Route } from "../../http/route.ts";
import { anyJson } from "../../http/schema.ts";
import type { Tenancy } from "../../opik/access/owner.ts";
import { LocalError } from "../errors.ts";
import { SUBJECTS } from "../events/filter.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { type ConditionDependencies, readCondition } from "./conditions.ts";
import type { WaitService } from "./service.ts";

const DEFAULT_TIMEOUT = "30s";
const MAX_TIMEOUT = "10m";

export interface WaitRoutesDependencies extends ConditionDependencies {
  tenancy: Pick<Tenancy, "ownerOf">;
  waits: WaitService;
}

/** Waiting without asking again and again. */
export function waitRoutes(
  route: DefineLocalRoute,
  { waits, tenancy, ...dependencies }: WaitRoutesDependencies,
): Route[] {
  return [
    route({
      method: "GET",
      path: "/wait",
      id: "wait",
      summary:
        "Wait until something is so, and answer at once when it is already: job or run (id) has a status, default any final " +
        "one; runner (id or name) is connected, or has the status disconnected; trace (id) exists, with at least so many " +
        "spans; project (id or name) has at least so many traces; event (names as in GET /__local/events, with its filters) " +
        `happens from now on. timeout is a duration of the server's clock, ${DEFAULT_TIMEOUT} by default and ${MAX_TIMEOUT} at ` +
        "most; 408 describes how it is, with the last events in details. 409 when it never will be so.",
      query: ["status", "trace", "spans", "traces", "event", "timeout", ...SUBJECTS],
      subjects: ["job", "run"],
      responses: { 200: anyJson, 404: localError, 408: localError, 409: localError, 429: localError, 503: localError },
      handle: async ({ query, signal, event }) => {
        const timeoutMs = readTimeout(query["timeout"]);
        const condition = readCondition(query, tenancy.ownerOf(event), dependencies);
        return { status: 200, body: await waits.wait(condition, timeoutMs, signal), routine: true };
      },
    }),
  ];
}

/** @throws LocalError 400 for no duration, and one that is too long */
function readTimeout(text: string = DEFAULT_TIMEOUT): number {
  const timeoutMs = parseDuration(text);
  if (timeoutMs !== undefined && timeoutMs <= (parseDuration(MAX_TIMEOUT) ?? 0)) return timeoutMs;
  throw new LocalError(400, `timeout must be a duration such as 500ms, 30s or 5m, ${MAX_TIMEOUT} at most`);
}
