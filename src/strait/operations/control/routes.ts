import type { Route } from "../../../http/route.ts";
import { type RunRow, toMadeRun, toStoredRun } from "../../run/run.ts";
import { run } from "../../run/schema.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { debugRequest, keyReset, rescheduleRequest, statusOk } from "./schema.ts";
import type { ControlService } from "./service.ts";

const tag = "Executor runs";
const scope = "runs:write";
const pathParameters = { runId: pathText };

/** Cancel, replay, pause, resume, restart and reschedule a run. */
export function controlRoutes(route: DefineRunsRoute<Caller>, control: ControlService): Route[] {
  /** Three that only move the run to another status. */
  const moves = (
    [
      ["pause", "pauseExecutorRun", "Pause a run that executes", (caller, id) => control.pause(caller, id)],
      ["resume", "resumeExecutorRun", "Queue a paused run again", (caller, id) => control.resume(caller, id)],
      ["restart", "restartExecutorRun", "Queue a run again", (caller, id) => control.restart(caller, id)],
    ] satisfies Array<[string, string, string, (caller: Caller, id: string) => RunRow]>
  ).map(([name, id, summary, move]) =>
    route({
      method: "POST",
      path: `/v1/runs/:runId/${name}`,
      id,
      tag,
      summary,
      scope,
      pathParameters,
      responses: { 200: run },
      handle: ({ caller, path }) => ({ status: 200, body: toStoredRun(move(caller, path.runId)) }),
    }),
  );
  return [
    ...moves,
    route({
      method: "DELETE",
      path: "/v1/runs/:runId",
      id: "cancelExecutorRun",
      tag,
      summary: "Cancel a run and what it has spawned",
      scope,
      pathParameters,
      responses: { 200: run },
      handle: ({ caller, path }) => ({ status: 200, body: toStoredRun(control.cancel(caller, path.runId)) }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/:runId/replay",
      id: "replayExecutorRun",
      tag,
      summary: "Run again what did not succeed, from a checkpoint too",
      scope,
      pathParameters,
      query: { from_checkpoint: queryText },
      responses: { 201: run },
      handle: ({ caller, path, query }) => ({
        status: 201,
        body: toMadeRun(control.replay(caller, path.runId, query.from_checkpoint)),
      }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/:runId/dlq-replay",
      id: "replayDeadLetterRun",
      tag,
      summary: "Bring a run back from the dead letter queue",
      scope: "dlq:replay",
      pathParameters,
      responses: { 200: run },
      handle: ({ caller, path }) => ({ status: 200, body: toStoredRun(control.replayDeadLetter(caller, path.runId)) }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/:runId/reschedule",
      id: "rescheduleExecutorRun",
      tag,
      summary: "Give a run that has not started another time",
      scope,
      pathParameters,
      body: rescheduleRequest,
      responses: { 200: run },
      handle: ({ caller, path, body }) => ({
        status: 200,
        body: toStoredRun(control.reschedule(caller, path.runId, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/v1/runs/:runId/debug",
      id: "setExecutorRunDebugMode",
      tag,
      summary: "Switch a run's debug mode",
      scope,
      pathParameters,
      body: debugRequest,
      responses: { 200: statusOk },
      handle: ({ caller, path, body }) => {
        control.setDebugMode(caller, path.runId, body.debug_mode ?? false);
        return { status: 200, body: { status: "ok" } };
      },
    }),
    route({
      method: "DELETE",
      path: "/v1/runs/:runId/idempotency-key",
      id: "resetExecutorRunIdempotencyKey",
      tag,
      summary: "Free a run's idempotency key",
      scope,
      pathParameters,
      responses: { 200: keyReset },
      handle: ({ caller, path }) => {
        control.resetIdempotencyKey(caller, path.runId);
        return { status: 200, body: { run_id: path.runId, status: "reset" } };
      },
    }),
  ];
}
