import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { type StateRequest, runState, runStates, stateRequest } from "./schema.ts";
import type { StateService } from "./service.ts";

const tag = "Executor";
const pathParameters = { runId: pathText };
const keyParameters = { runId: pathText, key: pathText };

const MAX_KEY_BYTES = 256;
const MAX_VALUE_BYTES = 65_536;

/** Stores values of the current run under keys. Reading needs an active run, as writing does [strait 2.0]. */
export function stateExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  state: StateService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/state",
      id: "setRunState",
      tag,
      summary: "Keep a value under a key",
      pathParameters,
      body: stateRequest,
      responses: { 201: runState },
      handle: ({ caller, body }) => {
        checkState(body);
        return { status: 201, body: runs.whileActive(caller, (run) => state.set(run.id, body.key, body.value)) };
      },
    }),
    route({
      method: "GET",
      path: "/sdk/v1/runs/:runId/state",
      id: "listRunState",
      tag,
      summary: "List the values that are kept, by key",
      pathParameters,
      responses: { 200: runStates },
      handle: ({ caller }) => ({ status: 200, body: runs.whileActive(caller, (run) => state.list(run.id)) }),
    }),
    route({
      method: "GET",
      path: "/sdk/v1/runs/:runId/state/:key",
      id: "getRunState",
      tag,
      summary: "Get the value under a key",
      pathParameters: keyParameters,
      responses: { 200: runState },
      handle: ({ caller, path }) => {
        const found = runs.whileActive(caller, (run) => state.find(run.id, path.key));
        if (found === undefined) throw new StraitError(404, "state key not found");
        return { status: 200, body: found };
      },
    }),
    route({
      method: "DELETE",
      path: "/sdk/v1/runs/:runId/state/:key",
      id: "deleteRunState",
      tag,
      summary: "Forget the value under a key, if there is one",
      pathParameters: keyParameters,
      responses: { 204: undefined },
      handle: ({ caller, path }) => {
        runs.whileActive(caller, (run) => state.delete(run.id, path.key));
        return { status: 204 };
      },
    }),
  ];
}

/** @throws StraitError 400 [strait 2.13] */
function checkState({ key, value }: StateRequest): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new StraitError(400, "state key must be 256 characters or fewer");
  if (Buffer.byteLength(value.text) > MAX_VALUE_BYTES) throw new StraitError(400, "state value must not exceed 64KB");
}
