import * as v from "valibot";
import { projectName, visibility } from "../../projects/schema.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import { textSet } from "../../wire/text-set.ts";
import {
  constrained,
  exactly,
  integer,
  isBlank,
  list,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";
import { versionSummary } from "./versions/schema.ts";

/** The purpose of a dataset; an `evaluation_suite` is what the SDKs call a test suite. */
export const DATASET_TYPES = ["dataset", "evaluation_suite"] as const;
export type DatasetType = (typeof DATASET_TYPES)[number];

const type = optional(exactly("dataset type", DATASET_TYPES));

/** What became of the last file that was uploaded to a dataset; `unknown` when there was none. */
export const DATASET_STATUSES = ["unknown", "processing", "completed", "failed"] as const;
export type DatasetStatus = (typeof DATASET_STATUSES)[number];

const MAX_DESCRIPTION_LENGTH = 255;

const description = constrained(
  constrained(optional(string({ maxLength: MAX_DESCRIPTION_LENGTH })), (text) => !isBlank(text), "must not be blank"),
  ({ length }) => length <= MAX_DESCRIPTION_LENGTH,
  `cannot exceed ${MAX_DESCRIPTION_LENGTH} characters`,
);

/** A set of texts. */
const tags = textSet(optional(list(string())));

/** Body of `POST /datasets`. */
export const createDatasetRequest = v.object({
  id: optional(uuid()),
  name: notBlank(),
  project_id: optional(uuid()),
  project_name: projectName,
  type,
  visibility: optional(visibility),
  tags,
  description,
});
export type NewDataset = v.InferOutput<typeof createDatasetRequest>;

/** Body of `PUT /datasets/{id}`. */
export const updateDatasetRequest = v.object({
  name: notBlank(),
  description,
  visibility: optional(visibility),
  tags,
});
export type DatasetUpdate = v.InferOutput<typeof updateDatasetRequest>;

/** A dataset by its name, in a project or in the whole workspace. */
export const datasetIdentifier = v.object({ dataset_name: notBlank(), project_name: optional(string()) });
export type DatasetIdentifier = v.InferOutput<typeof datasetIdentifier>;

export const dataset = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  project_id: optional(string({ format: "uuid" })),
  type: required(exactly("dataset type", DATASET_TYPES)),
  visibility: required(visibility),
  tags: optional(list(string())),
  description: optional(string()),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  experiment_count: integer("int64"),
  dataset_items_count: integer("int64"),
  optimization_count: integer("int64"),
  most_recent_experiment_at: optional(string({ format: "date-time" })),
  last_created_experiment_at: optional(string({ format: "date-time" })),
  status: exactly("dataset status", DATASET_STATUSES),
  latest_version: optional(versionSummary),
});
export type Dataset = v.InferOutput<typeof dataset>;

/** What a list of datasets can be sorted by. */
export const SORTABLE_DATASET_FIELDS = [
  "id",
  "name",
  "description",
  "tags",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
  "last_created_experiment_at",
] as const;
export type SortableDatasetField = (typeof SORTABLE_DATASET_FIELDS)[number];

export const datasetPage = pageOf(dataset);
export type DatasetPage = Page<Dataset>;
