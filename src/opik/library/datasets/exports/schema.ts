import * as v from "valibot";
import { exactly, list, optional, string } from "../../../wire/values.ts";

export const EXPORT_STATUSES = ["PENDING", "PROCESSING", "COMPLETED", "FAILED"] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** A job that writes the items of a dataset to a CSV file. */
export const exportJob = v.object({
  id: string({ format: "uuid" }),
  dataset_id: string({ format: "uuid" }),
  /** Absent in the answer that creates the job, and when the dataset does not exist any more. */
  dataset_name: optional(string()),
  status: exactly("export status", EXPORT_STATUSES),
  file_path: optional(string()),
  error_message: optional(string()),
  created_at: string({ format: "date-time" }),
  last_updated_at: string({ format: "date-time" }),
  expires_at: string({ format: "date-time" }),
  viewed_at: optional(string({ format: "date-time" })),
  created_by: string(),
  last_updated_by: optional(string()),
});
export type ExportJob = v.InferOutput<typeof exportJob>;

export const exportJobs = list(exportJob);
