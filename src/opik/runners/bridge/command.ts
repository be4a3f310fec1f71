import type { Owner } from "../../access/owner.ts";
import { jsonField, timeField } from "../../wire/columns.ts";
import type { BridgeCommand, CommandItem, CommandStatus, CreateCommandRequest } from "./schema.ts";
import type { CommandRow } from "./store.ts";

const TERMINAL: ReadonlySet<CommandStatus> = new Set(["completed", "failed", "timed_out"]);

/** Time given to the report of a command beyond its time-out [opik 3.4]. */
const REPORT_GRACE_MS = 10_000;
/** A pending command is kept for twice its time-out and this long [opik 3.4]. */
const PENDING_GRACE_MS = 60_000;

/** Whether a command has ended; nothing changes it any more. */
export function isTerminal(status: CommandStatus): boolean {
  return TERMINAL.has(status);
}

/** When a command that has not ended is given up, in milliseconds since the epoch. */
export function deadlineOf(command: BridgeCommand): number {
  const timeoutMs = command.timeout_seconds * 1000;
  return command.picked_up_at === undefined
    ? Date.parse(command.submitted_at) + 2 * timeoutMs + PENDING_GRACE_MS
    : Date.parse(command.picked_up_at) + timeoutMs + REPORT_GRACE_MS;
}

/** The row of a command that was submitted and waits. */
export function pendingRow(
  owner: Owner,
  request: CreateCommandRequest,
  own: { id: string; runnerId: string; timeoutSeconds: number; submittedAt: number },
): CommandRow {
  return {
    id: own.id,
    runner_id: own.runnerId,
    workspace: owner.workspace,
    type: request.type,
    status: "pending",
    args_json: request.args.text,
    result_json: null,
    error_json: null,
    timeout_seconds: own.timeoutSeconds,
    duration_ms: null,
    submitted_at: own.submittedAt,
    picked_up_at: null,
    completed_at: null,
  };
}

/** A command as its submitter sees it. */
export function toCommand(row: CommandRow): BridgeCommand {
  return {
    command_id: row.id,
    runner_id: row.runner_id,
    type: row.type,
    status: row.status,
    args: jsonField(row.args_json),
    result: jsonField(row.result_json),
    error: jsonField(row.error_json),
    timeout_seconds: row.timeout_seconds,
    submitted_at: timeField(row.submitted_at),
    picked_up_at: timeField(row.picked_up_at),
    completed_at: timeField(row.completed_at),
    duration_ms: row.duration_ms ?? undefined,
  };
}

/** The way back from `toCommand`. */
export function toRow(owner: Owner, command: BridgeCommand): CommandRow {
  return {
    id: command.command_id,
    runner_id: command.runner_id,
    workspace: owner.workspace,
    type: command.type,
    status: command.status,
    args_json: command.args.text,
    result_json: command.result?.text ?? null,
    error_json: command.error?.text ?? null,
    timeout_seconds: command.timeout_seconds,
    duration_ms: command.duration_ms ?? null,
    submitted_at: Date.parse(command.submitted_at),
    picked_up_at: command.picked_up_at === undefined ? null : Date.parse(command.picked_up_at),
    completed_at: command.completed_at === undefined ? null : Date.parse(command.completed_at),
  };
}

/** A command as the runner that carries it out gets it. */
export function toItem({ command_id, type, args, timeout_seconds, submitted_at }: BridgeCommand): CommandItem {
  return { command_id, type, args, timeout_seconds, submitted_at };
}
