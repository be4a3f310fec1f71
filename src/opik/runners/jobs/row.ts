import { stringifyJson } from "../../../core/json.ts";
import type { Owner } from "../../access/owner.ts";
import { jsonField, timeField } from "../../wire/columns.ts";
import type { CreateJobRequest, Job } from "./schema.ts";
import type { JobRow } from "./store.ts";

/** The row of a job that was asked for and waits. */
export function pendingRow(
  owner: Owner,
  request: CreateJobRequest,
  own: { id: string; runnerId: string; timeoutSeconds: number; createdAt: number },
): JobRow {
  return {
    id: own.id,
    runner_id: own.runnerId,
    workspace: owner.workspace,
    user: owner.user,
    project_id: request.project_id,
    agent_name: request.agent_name,
    status: "pending",
    inputs_json: request.inputs?.text ?? null,
    result_json: null,
    error: null,
    trace_id: null,
    mask_id: request.mask_id ?? null,
    prompt_masks_json: request.prompt_masks?.size ? stringifyJson(request.prompt_masks) : null,
    blueprint_name: request.blueprint_name?.trim() ?? null,
    metadata_json: request.metadata === undefined ? null : stringifyJson(request.metadata),
    timeout_seconds: own.timeoutSeconds,
    created_at: own.createdAt,
    started_at: null,
    completed_at: null,
  };
}

/** A job as clients see it. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    runner_id: row.runner_id,
    agent_name: row.agent_name,
    status: row.status,
    inputs: jsonField(row.inputs_json),
    result: jsonField(row.result_json),
    error: row.error ?? undefined,
    project_id: row.project_id,
    trace_id: row.trace_id ?? undefined,
    mask_id: row.mask_id ?? undefined,
    prompt_masks: jsonField(row.prompt_masks_json),
    blueprint_name: row.blueprint_name ?? undefined,
    metadata: jsonField(row.metadata_json),
    timeout: row.timeout_seconds,
    created_at: timeField(row.created_at),
    started_at: timeField(row.started_at),
    completed_at: timeField(row.completed_at),
  };
}

/** The way back from `toJob`. */
export function toRow(owner: Owner, job: Job): JobRow {
  return {
    id: job.id,
    runner_id: job.runner_id,
    workspace: owner.workspace,
    user: owner.user,
    project_id: job.project_id,
    agent_name: job.agent_name,
    status: job.status,
    inputs_json: job.inputs?.text ?? null,
    result_json: job.result?.text ?? null,
    error: job.error ?? null,
    trace_id: job.trace_id ?? null,
    mask_id: job.mask_id ?? null,
    prompt_masks_json: job.prompt_masks?.text ?? null,
    blueprint_name: job.blueprint_name ?? null,
    metadata_json: job.metadata?.text ?? null,
    timeout_seconds: job.timeout,
    created_at: Date.parse(job.created_at),
    started_at: job.started_at === undefined ? null : Date.parse(job.started_at),
    completed_at: job.completed_at === undefined ? null : Date.parse(job.completed_at),
  };
}
