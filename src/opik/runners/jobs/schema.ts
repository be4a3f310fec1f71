import * as v from "valibot";
import {
  constrained,
  freeForm,
  integer,
  isBlank,
  list,
  loosely,
  map,
  notBlank,
  optional,
  required,
  string,
  uuid,
  uuidKey,
} from "../../wire/values.ts";

export const JOB_STATUSES = ["pending", "running", "completed", "failed", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

const status = loosely("com.comet.opik.api.runner.LocalRunnerJobStatus", JOB_STATUSES);

const metadata = v.object({
  dataset_id: optional(uuid()),
  dataset_version_id: optional(uuid()),
  dataset_item_version_id: optional(uuid()),
  dataset_item_id: optional(uuid()),
});

/** Body of `POST /jobs`. */
export const createJobRequest = v.object({
  agent_name: notBlank(),
  inputs: optional(freeForm()),
  project_id: required(uuid()),
  mask_id: optional(uuid()),
  prompt_masks: optional(map(optional(uuid()), uuidKey())),
  blueprint_name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
  metadata: optional(metadata),
});
export type CreateJobRequest = v.InferOutput<typeof createJobRequest>;

/** Body of `POST /jobs/{jobId}/results`. */
export const reportResultRequest = v.object({
  status: required(status),
  result: optional(freeForm()),
  error: optional(string()),
  trace_id: optional(uuid()),
});
export type ReportResultRequest = v.InferOutput<typeof reportResultRequest>;

const logEntry = v.object({ stream: notBlank(), text: notBlank() });
export type LogEntry = v.InferOutput<typeof logEntry>;

/** Body of `POST /jobs/{jobId}/logs`, and the answer to its `GET`. */
export const logEntries = list(required(logEntry));

export const job = v.object({
  id: string({ format: "uuid" }),
  runner_id: string({ format: "uuid" }),
  agent_name: string(),
  status,
  inputs: optional(freeForm()),
  result: optional(freeForm()),
  error: optional(string()),
  project_id: string({ format: "uuid" }),
  trace_id: optional(string({ format: "uuid" })),
  mask_id: optional(string({ format: "uuid" })),
  prompt_masks: optional(freeForm()),
  blueprint_name: optional(string()),
  metadata: optional(freeForm()),
  timeout: integer(),
  created_at: string({ format: "date-time" }),
  started_at: optional(string({ format: "date-time" })),
  completed_at: optional(string({ format: "date-time" })),
});
export type Job = v.InferOutput<typeof job>;

export const jobPage = v.object({ page: integer(), size: integer(), total: integer("int64"), content: list(job) });
export type JobPage = Omit<v.InferOutput<typeof jobPage>, "content"> & { content: Iterable<Job> };

/** The answer to a poll: a job that is running now, or `null` when none came. */
export const nextJobResponse = v.nullable(job);
