import * as v from "valibot";
import type { Answer, Route } from "../../../http/route.ts";
import type { TokenService } from "../../access/tokens/service.ts";
import type { RunRow } from "../../run/run.ts";
import { isTerminal } from "../../run/state-machine.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { formatTime } from "../../wire/time.ts";
import { readContext } from "./context.ts";
import { bulkTriggerRequest, bulkTriggerResponse, dryRunResponse, triggerRequest, triggerResponse } from "./schema.ts";
import type { Triggered, TriggerService } from "./service.ts";

const tag = "Executor jobs";
const pathParameters = { jobId: pathText };

/** Trigger one run of a job, or many. */
export function triggerRoutes(route: DefineRunsRoute<Caller>, triggers: TriggerService, tokens: TokenService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/trigger",
      id: "triggerExecutorJob",
      tag,
      summary: "Trigger a run; the answer carries the run's token",
      scope: "jobs:trigger",
      idempotent: true,
      pathParameters,
      body: triggerRequest,
      responses: { 201: triggerResponse, 200: v.union([triggerResponse, dryRunResponse]) },
      handle: ({ caller, path, body, headers }) =>
        toAnswer(triggers.trigger(caller, path.jobId, body, readContext(headers)), tokens),
    }),
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/trigger/bulk",
      id: "bulkTriggerExecutorJob",
      tag,
      summary: "Trigger up to 500 runs, all or none",
      scope: "jobs:trigger",
      pathParameters,
      body: bulkTriggerRequest,
      responses: { 201: bulkTriggerResponse },
      handle: ({ caller, path, body }) => ({ status: 201, body: triggers.bulk(caller, path.jobId, body) }),
    }),
  ];
}

function toAnswer(triggered: Triggered, tokens: TokenService): Answer {
  switch (triggered.kind) {
    case "dry-run":
      return { status: 200, body: triggered.report };
    case "debounced":
      return { status: 201, body: { debounced: true, fire_at: formatTime(triggered.fireAt) } };
    case "buffered":
      return { status: 201, body: { buffered: true } };
    case "batch": {
      const { id, status } = triggered.run;
      const run_token = tokenFor(triggered.run, triggered.timeoutSeconds, tokens);
      return { status: 201, body: { batch: true, id, status, run_token } };
    }
    case "run": {
      const { id, status, payload_hash } = triggered.run;
      const run_token = tokenFor(triggered.run, triggered.timeoutSeconds, tokens);
      if (triggered.idempotencyHit) return { status: 200, body: { id, status, idempotency_hit: true, run_token } };
      return { status: 201, body: { id, status, payload_hash, idempotency_hit: false, run_token } };
    }
  }
}

/** The published reference says that the token is issued here; a run that has ended needs none. */
function tokenFor(run: RunRow, timeoutSeconds: number, tokens: TokenService): string | undefined {
  return isTerminal(run.status) ? undefined : tokens.mint(run, timeoutSeconds);
}
