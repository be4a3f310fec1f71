import { integer, json, text } from "../../../database/column.ts";
import { type Row, type RowChange, Table } from "../../../database/table.ts";
import type { Owner } from "../../access/owner.ts";
import { time } from "../../wire/columns.ts";
import type { BridgeCommand, CommandItem, CommandStatus, CommandType, CreateCommandRequest } from "./schema.ts";

export const COMMANDS = new Table("bridge_commands", {
  id: text().named("command_id"),
  runner_id: text(),
  workspace: text().internal(),
  type: text<CommandType>(),
  status: text<CommandStatus>().changing(),
  args_json: json(),
  result_json: json().nullable().changing(),
  error_json: json().nullable().changing(),
  timeout_seconds: integer(),
  submitted_at: time(),
  picked_up_at: time().nullable().changing(),
  completed_at: time().nullable().changing(),
  duration_ms: integer().nullable().changing(),
});

export type CommandRow = Row<typeof COMMANDS>;

/** What changes in a command's life. */
export type CommandChange = RowChange<typeof COMMANDS>;

/** Time given to the report of a command beyond its time-out [opik 3.4]. */
const REPORT_GRACE_MS = 10_000;
/** A pending command is kept for twice its time-out and this long [opik 3.4]. */
const PENDING_GRACE_MS = 60_000;

/** When a command that has not ended is given up, in milliseconds since the epoch. */
export function deadlineOf({ timeout_seconds, submitted_at, picked_up_at }: CommandRow): number {
  const timeoutMs = timeout_seconds * 1000;
  return picked_up_at === null
    ? submitted_at + 2 * timeoutMs + PENDING_GRACE_MS
    : picked_up_at + timeoutMs + REPORT_GRACE_MS;
}

/** The row of a command that was submitted and waits. */
export function pendingRow(
  owner: Owner,
  request: CreateCommandRequest,
  own: { id: string; runnerId: string; timeoutSeconds: number; submittedAt: number },
): CommandRow {
  return COMMANDS.row({
    id: own.id,
    runner_id: own.runnerId,
    workspace: owner.workspace,
    type: request.type,
    status: "pending",
    args_json: request.args.text,
    timeout_seconds: own.timeoutSeconds,
    submitted_at: own.submittedAt,
  });
}

/** A command as its submitter sees it. */
export function toCommand(row: CommandRow): BridgeCommand {
  return COMMANDS.toFields(row);
}

/** The way back from `toCommand`. */
export function toRow({ workspace }: Owner, command: BridgeCommand): CommandRow {
  return { ...COMMANDS.toStored(command), workspace };
}

/** A command as its runner receives it. */
export function toItem({ command_id, type, args, timeout_seconds, submitted_at }: BridgeCommand): CommandItem {
  return { command_id, type, args, timeout_seconds, submitted_at };
}
