import type { Route } from "../../../http/route.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import { pathText } from "../../wire/parameters.ts";
import { checkAgainstSchema } from "../../wire/payload-schema.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { type OutputRequest, output, outputRequest } from "./schema.ts";
import type { NewOutput, OutputService } from "./service.ts";

/** Writes named results of the current run. */
export function outputExecutorRoutes(
  route: DefineRunsRoute<TokenHolder>,
  outputs: OutputService,
  runs: RunService,
): Route[] {
  return [
    route({
      method: "POST",
      path: "/sdk/v1/runs/:runId/output",
      id: "setExecutorRunOutput",
      tag: "Executor",
      summary: "Write a named result; the last one of a key stays",
      pathParameters: { runId: pathText },
      body: outputRequest,
      responses: { 201: output },
      handle: ({ caller, body }) => {
        const checked = checkOutput(body);
        return { status: 201, body: runs.whileActive(caller, (run) => outputs.set(run.id, checked)) };
      },
    }),
  ];
}

/** @throws StraitError 422 without a key or a value, 400 for a value that breaks its own schema [strait 2.7] */
function checkOutput({ output_key, key, value, schema }: OutputRequest): NewOutput {
  const outputKey = output_key ?? key;
  if (outputKey === undefined || value === undefined) {
    const missing = [...(outputKey === undefined ? ["output_key"] : []), ...(value === undefined ? ["value"] : [])];
    throw new StraitError(422, "validation failed", {
      details: missing.map((name) => `${name}: failed on 'required'`),
    });
  }
  const mistake = schema === undefined || schema.isNull ? undefined : checkAgainstSchema(value, schema);
  if (mistake !== undefined) throw new StraitError(400, `output schema validation failed: ${mistake}`);
  return { output_key: outputKey, value, schema };
}
