import { json, text } from "../../../../database/column.ts";
import { type Row, Table } from "../../../../database/table.ts";
import { time } from "../../../wire/columns.ts";

export const EXPERIMENT_ITEMS = new Table("experiment_items", {
  workspace: text().internal(),
  id: text(),
  experiment_id: text(),
  dataset_item_id: text(),
  trace_id: text(),
  project_id: text().nullable(),
  execution_policy_json: json().nullable().internal(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time(),
  last_updated_by: text(),
});

export type ExperimentItemRow = Row<typeof EXPERIMENT_ITEMS>;
