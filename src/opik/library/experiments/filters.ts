import { Sql, sql } from "../../../database/sql.ts";
import { type Fields, textOf } from "../../search/fields.ts";

/** What experiments are filtered by [opik 11.1]. */
export const EXPERIMENT_FIELDS: Fields = {
  javaName: "ExperimentField",
  fields: {
    metadata: { type: "dictionary", sql: new Sql("metadata_json") },
    dataset_id: { type: "string", sql: textOf("dataset_id"), isIndexed: true },
    prompt_ids: {
      type: "list",
      sql: sql`(SELECT json_group_array(value ->> 'prompt_id') FROM json_each(coalesce(prompt_versions_json, '[]')))`,
    },
    tags: { type: "list", sql: new Sql("tags_json") },
    feedback_scores: {
      type: "feedback_scores_number",
      sql: sql`SELECT name, avg(value) AS value FROM experiment_items
        JOIN feedback_scores ON feedback_scores.workspace = experiment_items.workspace
          AND feedback_scores.entity_type = 'trace' AND feedback_scores.entity_id = experiment_items.trace_id
        WHERE experiment_items.workspace = experiments.workspace AND experiment_items.experiment_id = experiments.id
        GROUP BY name`,
    },
    experiment_scores: {
      type: "feedback_scores_number",
      sql: sql`SELECT value ->> 'name' AS name, value ->> 'value' AS value
        FROM json_each(coalesce(experiment_scores_json, '[]'))`,
    },
  },
};
