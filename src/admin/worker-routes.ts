import * as v from "valibot";
import type { Route } from "../http/route.ts";
import type { WorkerQueue } from "../strait/dispatch/worker-queue.ts";
import { run } from "../strait/run/schema.ts";
import type { DefineLocalRoute } from "./route.ts";
import { localError } from "./schema.ts";

const DEFAULT_QUEUE = "default";

/** Answer of `POST /__local/runs/next`: a run that executes now, or `null` when none came. */
const nextRunResponse = v.nullable(
  v.object({
    run,
    /** For `/sdk/v1/runs/{id}`; good for this assignment alone. */
    run_token: v.string(),
    job_slug: v.string(),
    timeout_secs: v.number(),
    assignment_id: v.string(),
  }),
);

/** How workers get runs of `execution_mode` `worker`; the real server has a gRPC stream for it [strait 5.4]. */
export function workerRoutes(route: DefineLocalRoute, workers: WorkerQueue): Route[] {
  return [
    route({
      method: "POST",
      path: "/runs/next",
      id: "nextRun",
      summary: "Get the next run of a queue for a worker (long poll)",
      query: ["queue"],
      responses: { 200: nextRunResponse, 429: localError },
      handle: async ({ query, signal }) => {
        const next = await workers.next(query["queue"] || DEFAULT_QUEUE, signal);
        if (next === undefined) return { status: 200, body: null, routine: true };
        return {
          status: 200,
          body: next,
          onDelivered: () => workers.acknowledge(next),
          onUndelivered: () => workers.takeBack(next),
        };
      },
    }),
  ];
}
