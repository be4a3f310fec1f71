import * as v from "valibot";
import { exactly, freeForm, integer, list, optional, optionalInteger, required, string } from "../../wire/values.ts";

/** The types of commands; those that write have a limit of their own. */
export const COMMAND_TYPES = ["ReadFile", "WriteFile", "EditFile", "ListFiles", "SearchFiles", "Exec"] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

export const COMMAND_STATUSES = ["pending", "picked_up", "completed", "failed", "timed_out"] as const;
export type CommandStatus = (typeof COMMAND_STATUSES)[number];

const type = exactly("BridgeCommandType", COMMAND_TYPES);
const status = exactly("BridgeCommandStatus", COMMAND_STATUSES);
const id = string({ format: "uuid" });
const time = string({ format: "date-time" });

/** Body of `POST /{runnerId}/bridge/commands`. */
export const createCommandRequest = v.object({
  type: required(type),
  args: required(freeForm()),
  timeout_seconds: optionalInteger(),
});
export type CreateCommandRequest = v.InferOutput<typeof createCommandRequest>;

export const createCommandResponse = v.object({ command_id: id });

/** Body of `POST /{runnerId}/bridge/commands/next`. */
export const nextCommandsRequest = v.object({ max_commands: optionalInteger() });

/** A command as its runner receives it. */
export const commandItem = v.object({
  command_id: id,
  type,
  args: freeForm(),
  timeout_seconds: integer(),
  submitted_at: time,
});
export type CommandItem = v.InferOutput<typeof commandItem>;

export const nextCommandsResponse = v.object({ commands: list(commandItem) });

/** Body of `POST /{runnerId}/bridge/commands/{commandId}/results`. */
export const reportCommandRequest = v.object({
  status: required(status),
  result: optional(freeForm()),
  error: optional(freeForm()),
  duration_ms: optionalInteger("int64"),
});
export type ReportCommandRequest = v.InferOutput<typeof reportCommandRequest>;

export const bridgeCommand = v.object({
  command_id: id,
  runner_id: id,
  type,
  status,
  args: freeForm(),
  result: optional(freeForm()),
  error: optional(freeForm()),
  timeout_seconds: integer(),
  submitted_at: time,
  picked_up_at: optional(time),
  completed_at: optional(time),
  duration_ms: optionalInteger("int64"),
});
export type BridgeCommand = v.InferOutput<typeof bridgeCommand>;
