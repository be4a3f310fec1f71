import { stringifyJson } from "../../../core/json.ts";
import { integer, json, text } from "../../../database/column.ts";
import { type Row, type RowChange, Table } from "../../../database/table.ts";
import type { Owner } from "../../access/owner.ts";
import { time } from "../../wire/columns.ts";
import type { CreateJobRequest, Job, JobStatus } from "./schema.ts";

/** Why the server itself has failed a job: its runner is gone, or it has run for too long. */
export type JobFailure = "runner-gone" | "timed-out";

export const JOBS = new Table("jobs", {
  id: text(),
  runner_id: text(),
  workspace: text().internal(),
  user: text().internal(),
  agent_name: text(),
  status: text<JobStatus>().changing(),
  inputs_json: json().nullable(),
  result_json: json().nullable().changing(),
  error: text().nullable().changing(),
  project_id: text(),
  trace_id: text().nullable().changing(),
  mask_id: text().nullable(),
  prompt_masks_json: json().nullable(),
  blueprint_name: text().nullable(),
  metadata_json: json().nullable(),
  timeout_seconds: integer().named("timeout"),
  created_at: time(),
  started_at: time().nullable().changing(),
  completed_at: time().nullable().changing(),
  failure: text<JobFailure>().nullable().internal().changing(),
});

export type JobRow = Row<typeof JOBS>;

/** What changes in a job's life. */
export type JobChange = RowChange<typeof JOBS>;

/** The row of a new job, which is pending. */
export function pendingRow(
  owner: Owner,
  request: CreateJobRequest,
  own: { id: string; runnerId: string; timeoutSeconds: number; createdAt: number },
): JobRow {
  return JOBS.row({
    id: own.id,
    runner_id: own.runnerId,
    workspace: owner.workspace,
    user: owner.user,
    project_id: request.project_id,
    agent_name: request.agent_name,
    status: "pending",
    inputs_json: request.inputs?.text ?? null,
    mask_id: request.mask_id ?? null,
    prompt_masks_json: request.prompt_masks?.size ? stringifyJson(request.prompt_masks) : null,
    blueprint_name: request.blueprint_name?.trim() ?? null,
    metadata_json: request.metadata === undefined ? null : stringifyJson(request.metadata),
    timeout_seconds: own.timeoutSeconds,
    created_at: own.createdAt,
  });
}

/** A job as clients see it. */
export function toJob(row: JobRow): Job {
  return JOBS.toFields(row);
}

/** The way back from `toJob`. */
export function toRow({ workspace, user }: Owner, job: Job): JobRow {
  return { ...JOBS.toStored(job), workspace, user, failure: null };
}
