import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { iterationPage, toolCallPage, usagePage } from "./schema.ts";
import type { UsageService } from "./service.ts";

const tag = "Executor runs";
const scope = "runs:read";
const pathParameters = { runId: pathText };
const query = { limit: queryLimit(), cursor: queryCursor() };

/** Read what a run has used. */
export function usageRoutes(route: DefineRunsRoute<Caller>, usage: UsageService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/usage",
      id: "listExecutorRunUsage",
      tag,
      summary: "List the tokens a run has used, newest first",
      scope,
      pathParameters,
      query,
      responses: { 200: usagePage },
      handle: ({ caller, path, query }) => ({ status: 200, body: usage.usage(caller, path.runId, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/tool-calls",
      id: "listExecutorRunToolCalls",
      tag,
      summary: "List the tools a run has called, newest first",
      scope,
      pathParameters,
      query,
      responses: { 200: toolCallPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: usage.toolCalls(caller, path.runId, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/iterations",
      id: "listExecutorRunIterations",
      tag,
      summary: "List the turns of a run's loop, newest first",
      scope,
      pathParameters,
      query,
      responses: { 200: iterationPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: usage.iterations(caller, path.runId, query) }),
    }),
  ];
}
