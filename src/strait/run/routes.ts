import type { Route } from "../../http/route.ts";
import type { Caller } from "../wire/caller.ts";
import { pathText, queryChoice, queryCursor, queryLimit, queryText, queryTexts } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import type { RunList } from "./list.ts";
import { toStoredRun } from "./run.ts";
import { ERROR_CLASSES, EXECUTION_MODES, run, runPage } from "./schema.ts";
import type { RunService } from "./service.ts";

const tag = "Executor runs";
const scope = "runs:read";
const pathParameters = { runId: pathText };
const limit = queryLimit();
const cursor = queryCursor("cursor must be a valid RFC3339 timestamp");

/** Read runs: one, and the lists of them. */
export function runRoutes(route: DefineRunsRoute<Caller>, runs: RunService, list: RunList): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs",
      id: "listExecutorRuns",
      tag,
      summary: "List runs, newest first",
      scope,
      query: {
        status: queryText,
        statuses: queryTexts,
        "statuses[]": queryTexts,
        tag_key: queryText,
        tag_value: queryText,
        metadata_key: queryText,
        metadata_value: queryText,
        triggered_by: queryText,
        batch_id: queryText,
        payload_contains: queryText,
        execution_mode: queryChoice(EXECUTION_MODES),
        error_class: queryChoice(ERROR_CLASSES),
        limit,
        cursor,
      },
      responses: { 200: runPage },
      handle: async ({ caller, query }) => ({ status: 200, body: await list.list(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/dlq",
      id: "listDeadLetterRuns",
      tag,
      summary: "List the dead letter queue, newest first",
      scope: "dlq:read",
      query: { limit, cursor: queryCursor() },
      responses: { 200: runPage },
      handle: ({ caller, query }) => ({ status: 200, body: list.deadLetters(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId",
      id: "getExecutorRun",
      tag,
      summary: "Get a run",
      scope,
      pathParameters,
      responses: { 200: run },
      handle: ({ caller, path }) => ({ status: 200, body: toStoredRun(runs.require(caller, path.runId)) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/children",
      id: "listExecutorRunChildren",
      tag,
      summary: "List the runs that a run has spawned, oldest first",
      scope,
      pathParameters,
      query: { limit, cursor: queryCursor() },
      responses: { 200: runPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: list.children(caller, path.runId, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/lineage",
      id: "listExecutorRunLineage",
      tag,
      summary: "List a run with those it continues and those that continue it, by depth",
      scope,
      pathParameters,
      query: { limit, cursor: queryCursor() },
      responses: { 200: runPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: list.lineage(caller, path.runId, query) }),
    }),
  ];
}
