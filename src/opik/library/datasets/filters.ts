import { Sql } from "../../../database/sql.ts";
import { type Fields, stateField, textOf, timeField } from "../../search/fields.ts";

/** What datasets are filtered by [opik 10.1]. */
export const DATASET_FIELDS: Fields = {
  javaName: "DatasetField",
  fields: {
    id: stateField("id"),
    name: stateField("name"),
    description: stateField("description"),
    tags: { type: "list", sql: new Sql("tags_json") },
    type: { type: "enum", sql: textOf("type") },
    created_at: timeField("created_at"),
    created_by: stateField("created_by"),
    last_updated_at: timeField("last_updated_at"),
    last_updated_by: stateField("last_updated_by"),
    last_created_experiment_at: timeField("last_created_experiment_at"),
  },
};
