import { openStream } from "../../http/event-stream.ts";
import type { Route } from "../../http/route.ts";
import type { Caller } from "../wire/caller.ts";
import { pathText } from "../wire/parameters.ts";
import type { DefineRunsRoute } from "../wire/route.ts";
import type { StreamService } from "./service.ts";

const tag = "Executor streams";
const scope = "runs:read";
const pathParameters = { runId: pathText };
const responses = { 200: undefined };

/** Server-sent events of runs. */
export function streamRoutes(route: DefineRunsRoute<Caller>, streams: StreamService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/runs/:runId/stream",
      id: "streamExecutorRun",
      tag,
      summary: "Follow a run: its events and changes of status",
      scope,
      pathParameters,
      responses,
      handle: ({ caller, path, event }) => openStream(() => streams.run(caller, path.runId, event)),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/stream/chunks",
      id: "streamExecutorRunChunks",
      tag,
      summary: "Follow what a run's executor streams",
      scope,
      pathParameters,
      responses,
      handle: ({ caller, path, event }) => openStream(() => streams.chunks(caller, path.runId, event)),
    }),
    route({
      method: "GET",
      path: "/v1/runs/:runId/stream/logs",
      id: "streamExecutorRunLogs",
      tag,
      summary: "Follow what a run logs",
      scope,
      pathParameters,
      responses,
      handle: ({ caller, path, event }) => openStream(() => streams.logs(caller, path.runId, event)),
    }),
  ];
}

/** Server-sent events of waits. */
export function waitStreamRoutes(route: DefineRunsRoute<Caller>, streams: StreamService): Route[] {
  return [
    route({
      method: "GET",
      path: "/v1/events/:eventKey/stream",
      id: "streamEventTrigger",
      tag,
      summary: "Follow a wait until it is over",
      scope,
      pathParameters: { eventKey: pathText },
      responses,
      handle: ({ caller, path, event }) => openStream(() => streams.trigger(caller, path.eventKey, event)),
    }),
  ];
}
