import type { Route } from "../../../http/route.ts";
import { SHOWN_NULL } from "../../wire/answer.ts";
import type { Caller } from "../../wire/caller.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import type { BulkControl } from "./bulk.ts";
import {
  bulkCanceled,
  bulkCancelRequest,
  bulkDeadLetterRequest,
  bulkDeadLettersReplayed,
  bulkReplayed,
  bulkReplayRequest,
  cancelAllRequest,
  canceledByFilter,
} from "./schema.ts";

const tag = "Executor runs";
const scope = "runs:write";

/** Cancel and replay many runs at once. */
export function bulkRoutes(route: DefineRunsRoute<Caller>, bulk: BulkControl): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/runs/bulk-cancel",
      id: "bulkCancelExecutorRuns",
      tag,
      summary: "Cancel up to 100 runs",
      scope,
      body: bulkCancelRequest,
      responses: { 200: bulkCanceled },
      handle: ({ caller, body }) => ({ status: 200, body: bulk.cancel(caller, body.run_ids) }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/bulk-cancel-all",
      id: "cancelAllExecutorRuns",
      tag,
      summary: "Cancel the runs that match a filter and have not started",
      scope,
      body: cancelAllRequest,
      responses: { 200: canceledByFilter },
      handle: ({ caller, body }) => {
        const run_ids = bulk.cancelAll(caller, body);
        return { status: 200, body: { canceled: run_ids.length, run_ids: run_ids.length > 0 ? run_ids : SHOWN_NULL } };
      },
    }),
    route({
      method: "POST",
      path: "/v1/runs/bulk-replay",
      id: "bulkReplayExecutorRuns",
      tag,
      summary: "Replay up to 100 runs",
      scope,
      body: bulkReplayRequest,
      responses: { 200: bulkReplayed },
      handle: ({ caller, body }) => ({ status: 200, body: bulk.replay(caller, body.run_ids) }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/bulk-dlq-replay",
      id: "bulkReplayDeadLetterRuns",
      tag,
      summary: "Bring runs back from the dead letter queue",
      scope: "dlq:replay",
      body: bulkDeadLetterRequest,
      responses: { 200: bulkDeadLettersReplayed },
      handle: ({ caller, body }) => ({ status: 200, body: bulk.replayDeadLetters(caller, body) }),
    }),
  ];
}
