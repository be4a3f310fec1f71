import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import { pathText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { jobMemories, jobMemory, memoryRequest } from "./schema.ts";
import { checkMemoryKey, checkMemoryValue, type MemoryService } from "./service.ts";

const tag = "Executor";

const pathParameters = { runId: pathText };
const keyParameters = { runId: pathText, key: pathText };

/** Stores values under keys that all runs of the job share. */
export function memoryExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  memory: MemoryService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "GET",
      path: "/sdk/v1/runs/:runId/memory",
      id: "listJobMemory",
      tag,
      summary: "List the values that the job's runs share, by key",
      pathParameters,
      responses: { 200: jobMemories },
      handle: ({ caller }) => ({ status: 200, body: runs.whileActive(caller, (run) => memory.list(run)) }),
    }),
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/memory/:key",
      id: "setJobMemory",
      tag,
      summary: "Keep a value for all runs of the job",
      pathParameters: keyParameters,
      body: memoryRequest,
      responses: { 201: jobMemory },
      handle: ({ caller, path, body }) => {
        checkMemoryKey(path.key);
        checkMemoryValue(body.value);
        return { status: 201, body: runs.whileActive(caller, (run) => memory.set(run, path.key, body)) };
      },
    }),
    route({
      method: "GET",
      path: "/sdk/v1/runs/:runId/memory/:key",
      id: "getJobMemory",
      tag,
      summary: "Get the value under a key",
      pathParameters: keyParameters,
      responses: { 200: jobMemory },
      handle: ({ caller, path }) => {
        const found = runs.whileActive(caller, (run) => memory.find(run, path.key));
        if (found === undefined) throw new StraitError(404, "memory key not found");
        return { status: 200, body: found };
      },
    }),
    route({
      method: "DELETE",
      path: "/sdk/v1/runs/:runId/memory/:key",
      id: "deleteJobMemory",
      tag,
      summary: "Forget the value under a key, if there is one",
      pathParameters: keyParameters,
      responses: { 204: undefined },
      handle: ({ caller, path }) => {
        runs.whileActive(caller, (run) => memory.delete(run, path.key));
        return { status: 204 };
      },
    }),
  ];
}
