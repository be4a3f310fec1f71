import * as v from "valibot";
import { COMMAND_TYPES } from "../../opik/runners/bridge/schema.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);

/** Body of `POST /__local/bridge`. */
export const bridgeRequest = v.object({
  /** Id of the runner. */
  runner: v.pipe(v.string(), v.uuid()),
  type: v.picklist(COMMAND_TYPES),
  args: v.record(v.string(), json),
  timeout_seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/** Answer of `POST /__local/bridge`. */
export const bridgeResponse = v.object({
  command_id: v.string(),
  /** Whether the command is signed: it is not for a runner of a fixture, which has not been paired. */
  signed: v.boolean(),
});
