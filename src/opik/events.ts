import type { CommandRow } from "./runners/bridge/command.ts";
import type { BridgeCommand, CommandStatus } from "./runners/bridge/schema.ts";
import type { JobFailure, JobRow } from "./runners/jobs/row.ts";
import type { Job, JobStatus, LogEntry } from "./runners/jobs/schema.ts";
import type { Agent, RunnerType } from "./runners/schema.ts";
import type { EntityType } from "./tracing/entity.ts";

/** A runner in the payload of events. */
export interface RunnerNotice {
  id: string;
  name: string;
  type: RunnerType;
  project_id: string;
  workspace: string;
}

/** The events of Opik's API, as listeners receive them after the commit. */
export interface OpikEvents {
  /** A runner may be paired until `expires_at`; it does not exist before. */
  "pairing:session:created": {
    runner_id: string;
    type: RunnerType;
    project_id: string;
    workspace: string;
    expires_at: string;
  };
  /** A runner was paired, or sent a heartbeat after it was disconnected. */
  "runner:connected": RunnerNotice;
  /** A runner polls for work that has not done so within the poll timeout. */
  "runner:polling": RunnerNotice;
  /** A runner's last heartbeat is too long ago. */
  "runner:disconnected": RunnerNotice;
  /** A runner was removed: it disconnected, a newer one replaced it, or it was dead for too long. */
  "runner:removed": RunnerNotice & { reason: "disconnected" | "evicted" | "purged" | "reset" };
  /** A runner registered its agents. */
  "runner:agents:registered": RunnerNotice & { agents: readonly Agent[] };
  /** A job was made (`from` is absent) or has another status; `reason` when the server itself has failed it. */
  "job:status:changed": { job: Job; workspace: string; from?: JobStatus; reason?: JobFailure };
  /** Log entries were appended to a job. */
  "job:logs:appended": { job: Job; workspace: string; entries: readonly LogEntry[]; offset: number };
  /** A bridge command was submitted (`from` is absent) or has another status. */
  "bridge:command:changed": { command: BridgeCommand; workspace: string; from?: CommandStatus };
  /** A project was made. */
  "project:created": { id: string; name: string; workspace: string };
  /** A project was deleted. */
  "project:deleted": { id: string; workspace: string };
  /** Environments were made or changed. */
  "environments:written": { ids: readonly string[]; workspace: string };
  /** Environments were deleted. */
  "environments:deleted": { ids: readonly string[]; workspace: string };
  /** Prompts or their versions were made or changed. */
  "prompts:written": { ids: readonly string[]; workspace: string };
  /** Prompts were deleted, with their versions. */
  "prompts:deleted": { ids: readonly string[]; workspace: string };
  /** The configuration of a project's agents has other blueprints, masks or environments. */
  "agent-configs:written": { project_id: string; workspace: string };
  /** A file of a trace or span was uploaded, or files were deleted. */
  "attachments:written": { entity_type: "trace" | "span"; entity_id: string; workspace: string };
  /** Traces were written or changed. */
  "traces:written": { ids: readonly string[]; workspace: string };
  /** Traces were deleted, with their spans. */
  "traces:deleted": { ids: readonly string[]; workspace: string };
  /** Spans were written or changed. */
  "spans:written": { ids: readonly string[]; workspace: string };
  /** Spans were deleted with their traces. */
  "spans:deleted": { ids: readonly string[]; workspace: string };
  /** Threads were closed or opened, or have other tags; the ids are those of their models. */
  "threads:changed": { ids: readonly string[]; workspace: string };
  /** Threads were deleted, with their traces. */
  "threads:deleted": { ids: readonly string[]; workspace: string };
  /** Scores of traces, spans or threads (of these the ids of their models) were given, changed or deleted. */
  "feedback-scores:changed": { entity: EntityType; ids: readonly string[]; workspace: string };
  /** Comments on traces, spans or threads were made, changed or deleted. */
  "comments:changed": { entity: EntityType; ids: readonly string[]; workspace: string };
  /** Annotation queues were made or changed. */
  "annotation-queues:written": { ids: readonly string[]; workspace: string };
  /** Annotation queues were deleted. */
  "annotation-queues:deleted": { ids: readonly string[]; workspace: string };
  /** Items were added to an annotation queue, or removed from it. */
  "annotation-queues:items:changed": { id: string; workspace: string };
  /** Dashboards were made or changed. */
  "dashboards:written": { ids: readonly string[]; workspace: string };
  /** Dashboards were deleted. */
  "dashboards:deleted": { ids: readonly string[]; workspace: string };
  /** A dataset was made. */
  "dataset:created": { id: string; name: string; workspace: string };
  /** A dataset or one of its versions has another name, description, visibility or other tags. */
  "dataset:updated": { id: string; workspace: string };
  /** A dataset was deleted, with its versions and items. */
  "dataset:deleted": { id: string; workspace: string };
  /** Items were written to a version of a dataset (`v3`), or removed from it. */
  "dataset:items:changed": { id: string; workspace: string; version: string };
  /** A file of items that was uploaded to a dataset is written, or cannot be. */
  "dataset:upload:ended": { id: string; workspace: string; status: "completed" | "failed"; error?: string };
  /** An experiment was made. */
  "experiment:created": { id: string; name: string; dataset_id: string; workspace: string };
  /** An experiment was changed. */
  "experiment:updated": { id: string; workspace: string };
  /** Items of experiments were written or deleted. */
  "experiments:items:written": { ids: readonly string[]; workspace: string };
  /** A client reported that experiments are finished. */
  "experiments:finished": { ids: readonly string[]; workspace: string };
  /** Experiments were deleted, with their items. */
  "experiments:deleted": { ids: readonly string[]; workspace: string };
  /** An optimization was made or changed. */
  "optimization:written": { id: string; name: string; workspace: string };
  /** Optimizations were deleted. */
  "optimizations:deleted": { ids: readonly string[]; workspace: string };
  /** Results of assertions on traces or spans were written. */
  "assertions:written": { type: "trace" | "span"; ids: readonly string[]; workspace: string };
  /** The configuration of a workspace was written or deleted. */
  "workspace:configured": { workspace: string };
  /** A correct answer cost a client something; the message is shown to its author. */
  "client:notice": { message: string };
}

/** Rows as they are after the change, so that reactions need not read them again. */
interface OpikRows {
  "job:status:changed": { job: JobRow; from?: JobStatus };
  "job:logs:appended": { job: JobRow; entries: readonly LogEntry[]; offset: number };
  "bridge:command:changed": { command: CommandRow; from?: CommandStatus };
}

/** The events of `OpikEvents` as they are emitted, and as reactions receive them. */
export type OpikChanges = Omit<OpikEvents, keyof OpikRows> & OpikRows;
