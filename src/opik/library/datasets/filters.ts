import { Sql } from "../../../database/sql.ts";
import { type Field, type Fields, textOf, timeOfMilliseconds } from "../../search/fields.ts";

const textField = (column: string): Field => ({ type: "string_state_db", sql: textOf(column) });
const timeField = (column: string): Field => ({ type: "date_time", sql: timeOfMilliseconds(column) });

/** What datasets are filtered by [opik 10.1]. */
export const DATASET_FIELDS: Fields = {
  javaName: "DatasetField",
  fields: {
    id: textField("id"),
    name: textField("name"),
    description: textField("description"),
    tags: { type: "list", sql: new Sql("tags_json") },
    type: { type: "enum", sql: textOf("type") },
    created_at: timeField("created_at"),
    created_by: textField("created_by"),
    last_updated_at: timeField("last_updated_at"),
    last_updated_by: textField("last_updated_by"),
    last_created_experiment_at: timeField("last_created_experiment_at"),
  },
};
