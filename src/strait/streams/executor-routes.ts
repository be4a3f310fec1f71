import type { Route } from "../../http/route.ts";
import type { TokenHolder } from "../access/tokens/service.ts";
import type { RunService } from "../run/service.ts";
import { pathText } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import { ok } from "../wire/schemas.ts";
import { chunkRequest } from "./schema.ts";
import type { StreamService } from "./service.ts";

const DEFAULT_STREAM = "default";

/** Publishes output of the current run to its open streams; it is not stored. */
export function streamExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  streams: StreamService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/stream",
      id: "streamChunk",
      tag: "Executor",
      summary: "Stream a piece of output to those who follow the run",
      pathParameters: { runId: pathText },
      body: chunkRequest,
      responses: { 200: ok },
      handle: ({ caller, body }) => {
        const { chunk = "", stream_id = DEFAULT_STREAM, done = false } = body;
        runs.whileActive(caller, (run) => streams.pass(run, { chunk, stream_id, done }));
        return { status: 200, body: { status: "ok" } };
      },
    }),
  ];
}
