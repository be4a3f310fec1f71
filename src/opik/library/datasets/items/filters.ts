import { Sql, sql } from "../../../../database/sql.ts";
import { type Fields, textField, timeField } from "../../../search/fields.ts";

/** What items of datasets are filtered by [opik 10.2]. */
export const ITEM_FIELDS: Fields = {
  javaName: "DatasetItemField",
  fields: {
    id: textField("item_id"),
    data: { type: "map", sql: new Sql("data_json") },
    full_data: textField("data_json"),
    source: textField("source"),
    trace_id: textField("trace_id"),
    span_id: textField("span_id"),
    created_at: timeField("created_at"),
    last_updated_at: timeField("last_updated_at"),
    created_by: textField("created_by"),
    last_updated_by: textField("last_updated_by"),
    tags: { type: "list", sql: new Sql("tags_json") },
  },
};

/** What an expression on the columns of items gives for the newest state of one item, as a part of another query. */
export function valueOfNewestItem(workspace: Sql, itemId: Sql, value: Sql): Sql {
  return sql`(SELECT ${value} FROM dataset_items
    WHERE dataset_items.workspace = ${workspace} AND dataset_items.item_id = ${itemId}
    ORDER BY first_version DESC LIMIT 1)`;
}
