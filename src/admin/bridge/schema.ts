import * as v from "valibot";
import { jsonValue } from "../../http/schema.ts";
import { bridgeCommand, COMMAND_TYPES } from "../../opik/runners/bridge/schema.ts";
import type { Json } from "../../opik/runners/bridge/signature.ts";

/** Any JSON value: a body holds nothing else. */
const json = jsonValue({}, (input) => input as Json);

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

/** Answer of `GET /__local/bridge`. */
export const commandList = v.object({ commands: v.array(bridgeCommand) });
