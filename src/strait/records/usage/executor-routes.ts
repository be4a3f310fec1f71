import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import type { UsageReports } from "./reports.ts";
import { iteration, iterationRequest, toolCall, toolCallRequest, usage, usageRequest } from "./schema.ts";

const tag = "Executor";
const pathParameters = { runId: pathText };

/**
 * Records tokens, tool calls and iterations of the current run; the real server has dropped these endpoints [strait
 * 2.22].
 */
export function usageExecutorRoutes(route: DefineRunsRoute<TokenHolder>, reports: UsageReports): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/usage",
      id: "reportExecutorRunUsage",
      tag,
      summary: "Report tokens bought of a model; the cost is worked out when none is given",
      pathParameters,
      body: usageRequest,
      responses: { 201: usage },
      handle: ({ caller, body }) => ({ status: 201, body: reports.reportUsage(caller, body) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/tool-call",
      id: "reportExecutorRunToolCall",
      tag,
      summary: "Report a tool called",
      pathParameters,
      body: toolCallRequest,
      responses: { 201: toolCall },
      handle: ({ caller, body }) => ({ status: 201, body: reports.reportToolCall(caller, body) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/iteration",
      id: "reportExecutorRunIteration",
      tag,
      summary: "Report one more turn of a loop",
      pathParameters,
      body: iterationRequest,
      responses: { 201: iteration },
      handle: ({ caller, body }) => ({ status: 201, body: reports.reportIteration(caller, body) }),
    }),
  ];
}
