import { RawJson } from "../../../core/json.ts";
import type { Answer, Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import { toMadeRun, toStoredRun } from "../../run/run.ts";
import { run } from "../../run/schema.ts";
import { writeGoJson } from "../../wire/answer.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { ok } from "../../wire/schemas.ts";
import { freeForm } from "../../wire/values.ts";
import { annotateRequest, completeRequest, continueRequest, failRequest } from "./schema.ts";
import type { ExecutionService } from "./service.ts";

const tag = "Executor";
const pathParameters = { runId: pathText };

/** Routes of an executor for its own run: payload, heartbeat, annotate, complete, fail, continue. */
export function executionRoutes(route: DefineRunsRoute<TokenHolder>, execution: ExecutionService): Route[] {
  return [
    route({
      method: "GET",
      path: "/sdk/v1/runs/:runId/payload",
      id: "getExecutorRunPayload",
      tag,
      summary: "Get the payload, as it is",
      pathParameters,
      responses: { 200: freeForm() },
      handle: ({ caller }) => payloadAnswer(execution.payload(caller)),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/heartbeat",
      id: "heartbeatExecutorRun",
      tag,
      summary: "Show a sign of life",
      pathParameters,
      responses: { 200: ok },
      handle: ({ caller }) => {
        execution.heartbeat(caller);
        return { status: 200, body: { status: "ok" }, routine: true };
      },
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/annotate",
      id: "annotateExecutorRun",
      tag,
      summary: "Add to the metadata",
      pathParameters,
      body: annotateRequest,
      responses: { 200: run },
      handle: ({ caller, body }) => ({ status: 200, body: toStoredRun(execution.annotate(caller, body)) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/complete",
      id: "completeExecutorRun",
      tag,
      summary: "End the run with a result",
      pathParameters,
      body: completeRequest,
      responses: { 200: run },
      handle: ({ caller, body }) => ({ status: 200, body: toStoredRun(execution.complete(caller, body.result)) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/fail",
      id: "failExecutorRun",
      tag,
      summary: "End the run with an error; it is not tried again",
      pathParameters,
      body: failRequest,
      responses: { 200: run },
      handle: ({ caller, body }) => ({ status: 200, body: toStoredRun(execution.fail(caller, body.error)) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/continue",
      id: "continueExecutorRun",
      tag,
      summary: "Make a run that goes on where this one leaves off",
      pathParameters,
      body: continueRequest,
      responses: { 201: run },
      handle: ({ caller, body }) => ({ status: 201, body: toMadeRun(execution.continue(caller, body.payload)) }),
    }),
  ];
}

/** Without a payload the real server sends nothing, and calls it JSON. */
function payloadAnswer(payload: string | undefined): Answer {
  const headers = { "content-type": "application/json" };
  if (payload === undefined) return { status: 200, text: "", headers: { ...headers, "content-length": "0" } };
  return { status: 200, text: writeGoJson(new RawJson(payload)), headers };
}
