import * as v from "valibot";
import { type Page, pageOf } from "../../../wire/page.ts";
import {
  boolean,
  constrained,
  exactly,
  freeForm,
  integer,
  list,
  map,
  notBlank,
  optional,
  optionalInteger,
  required,
  string,
} from "../../../wire/values.ts";

const EVALUATOR_TYPES = ["llm_judge", "code_metric"] as const;

/** An evaluator of items; clients define the form of `config`. */
export const evaluator = v.object({
  name: notBlank(),
  type: required(exactly("evaluator type", EVALUATOR_TYPES)),
  config: required(freeForm()),
});

const [FEWEST_RUNS, MOST_RUNS] = [1, 100];

const runs = constrained(
  constrained(optionalInteger(), (count) => count >= FEWEST_RUNS, `must be greater than or equal to ${FEWEST_RUNS}`),
  (count) => count <= MOST_RUNS,
  `must be less than or equal to ${MOST_RUNS}`,
);

/** How often an item is run, and how many of the runs must pass. */
export const executionPolicy = v.object({ runs_per_item: runs, pass_threshold: runs });

/** Body of `POST /datasets/{id}/versions/retrieve`. */
export const retrieveVersionRequest = v.object({
  version_name: constrained(notBlank(), (name) => /^v\d+$/.test(name), "must be in format 'vN' (e.g., 'v1', 'v373')"),
});

/** The longest tag of a version. */
const MAX_TAG_LENGTH = 100;

/** A tag, which is blank when a request leaves it out. */
const tag = constrained(
  notBlank(string({ maxLength: MAX_TAG_LENGTH })),
  ({ length }) => length <= MAX_TAG_LENGTH,
  `cannot exceed ${MAX_TAG_LENGTH} characters`,
);

/** Body of `POST /datasets/{id}/versions/hash/{versionHash}/tags`. */
export const createTagRequest = v.object({ tag });

/** Tags that are given to a version. */
export const versionTags = optional(list(tag));

/** Body of `PATCH /datasets/{id}/versions/hash/{versionHash}`. */
export const updateVersionRequest = v.object({ change_description: optional(string()), tags_to_add: versionTags });
export type VersionUpdate = v.InferOutput<typeof updateVersionRequest>;

/** Body of `POST /datasets/{id}/versions/restore`. */
export const restoreVersionRequest = v.object({ version_ref: notBlank() });

export const datasetVersion = v.object({
  id: string({ format: "uuid" }),
  dataset_id: string({ format: "uuid" }),
  version_hash: string(),
  version_name: string(),
  tags: list(string()),
  is_latest: boolean(),
  items_total: integer(),
  items_added: integer(),
  items_modified: integer(),
  items_deleted: integer(),
  change_description: optional(string()),
  metadata: optional(map(string())),
  evaluators: optional(freeForm()),
  execution_policy: optional(freeForm()),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type DatasetVersion = Omit<v.InferOutput<typeof datasetVersion>, "metadata"> & { metadata?: unknown };

export const datasetVersionPage = pageOf(datasetVersion);
export type DatasetVersionPage = Page<DatasetVersion>;

/** The latest version as its dataset shows it. */
export const versionSummary = v.object({
  id: string({ format: "uuid" }),
  version_hash: string(),
  version_name: string(),
  change_description: optional(string()),
  tags: list(string()),
});
export type VersionSummary = v.InferOutput<typeof versionSummary>;

/** Answer of `GET /datasets/{id}/versions/diff`. */
export const versionDiff = v.object({
  from_version: string(),
  to_version: string(),
  statistics: v.object({
    items_added: integer(),
    items_modified: integer(),
    items_deleted: integer(),
    items_unchanged: integer(),
  }),
});
export type VersionDiff = v.InferOutput<typeof versionDiff>;
