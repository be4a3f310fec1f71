import { Sql } from "../../../database/sql.ts";
import { type Fields, textField, timeField } from "../../search/fields.ts";

/*
 * What lists of annotation queues can be sorted and filtered by [opik 9.7].
 */

export const QUEUE_FIELDS: Fields = {
  javaName: "AnnotationQueueField",
  fields: {
    id: textField("id"),
    project_id: textField("project_id"),
    name: textField("name"),
    description: textField("description"),
    instructions: textField("instructions"),
    scope: textField("scope"),
    feedback_definition_names: { type: "list", sql: new Sql("feedback_definition_names_json") },
    created_at: timeField("created_at"),
    created_by: textField("created_by"),
    last_updated_at: timeField("last_updated_at"),
    last_updated_by: textField("last_updated_by"),
  },
};

/** What a list of annotation queues can be sorted by. */
export const SORTABLE_QUEUE_FIELDS = [
  "id",
  "project_id",
  "name",
  "description",
  "instructions",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
] as const;
export type SortableQueueField = (typeof SORTABLE_QUEUE_FIELDS)[number];
