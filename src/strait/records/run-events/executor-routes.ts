import { RawJson } from "../../../core/json.ts";
import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { decimal } from "../../wire/decimal.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { type LogRequest, logRequest, type ProgressRequest, progressRequest, runEvent } from "./schema.ts";
import type { NewRunEvent, RunEventService } from "./service.ts";

const tag = "Executor";
const pathParameters = { runId: pathText };

/** Writes events into the history of the current run. */
export function runEventExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  runEvents: RunEventService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/log",
      id: "logExecutorRun",
      tag,
      summary: "Log a line",
      pathParameters,
      body: logRequest,
      responses: { 201: runEvent },
      handle: ({ caller, body }) => ({
        status: 201,
        body: runs.whileActive(caller, (run) => runEvents.append(run, toLogEvent(body))),
      }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/progress",
      id: "reportExecutorRunProgress",
      tag,
      summary: "Say how far the work is",
      pathParameters,
      body: progressRequest,
      responses: { 201: runEvent },
      handle: ({ caller, body }) => ({
        status: 201,
        body: runs.whileActive(caller, (run) => runEvents.append(run, toProgressEvent(body))),
      }),
    }),
  ];
}

function toLogEvent({ type, level, message, data }: LogRequest): NewRunEvent {
  return { type: type ?? "log", level: level ?? "info", message, data: data ?? new RawJson("{}") };
}

function toProgressEvent({ percent, message, step, eta_seconds, eta_secs }: ProgressRequest): NewRunEvent {
  const data = RawJson.of({ percent: decimal(percent ?? 0), step, eta_seconds: eta_seconds ?? eta_secs });
  return { type: "progress", level: "info", message, data };
}
