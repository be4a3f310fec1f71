import { Sql, sql } from "../../../database/sql.ts";
import { type Fields, textOf } from "../../search/fields.ts";
import type { FilterConditions } from "../../search/filters.ts";
import { averageScores } from "../../tracing/record-filters.ts";
import type { Sorting } from "../../wire/sorting.ts";
import type { SortableExperimentField } from "./schema.ts";

/** Which experiments, in which order. Pages count from 1. */
export interface ExperimentFilter {
  page: number;
  size: number;
  dataset_id?: string | undefined;
  project_id?: string | undefined;
  optimization_id?: string | undefined;
  name?: string | undefined;
  types?: readonly string[] | undefined;
  experiment_ids?: readonly string[] | undefined;
  dataset_deleted?: boolean | undefined;
  project_deleted?: boolean | undefined;
  prompt_id?: string | undefined;
  filters: FilterConditions;
  sorting?: Sorting<SortableExperimentField> | undefined;
}

/** What experiments are filtered by [opik 11.1]. */
export const EXPERIMENT_FIELDS: Fields = {
  javaName: "ExperimentField",
  fields: {
    metadata: { type: "dictionary", sql: new Sql("metadata_json") },
    dataset_id: { type: "string", sql: textOf("dataset_id"), isIndexed: true },
    project_id: { type: "string_exact", sql: textOf("project_id") },
    prompt_ids: {
      type: "list",
      sql: sql`(SELECT json_group_array(value ->> 'prompt_id') FROM json_each(coalesce(prompt_versions_json, '[]')))`,
    },
    tags: { type: "list", sql: new Sql("tags_json") },
    feedback_scores: {
      type: "feedback_scores_number",
      sql: averageScores(sql`workspace = experiments.workspace AND entity_type = 'trace' AND entity_id IN
        (SELECT trace_id FROM experiment_items
         WHERE experiment_items.workspace = experiments.workspace AND experiment_items.experiment_id = experiments.id)`),
    },
    experiment_scores: {
      type: "feedback_scores_number",
      sql: sql`SELECT value ->> 'name' AS name, value ->> 'value' AS value
        FROM json_each(coalesce(experiment_scores_json, '[]'))`,
    },
  },
};
