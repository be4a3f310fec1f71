import { json, text } from "../../../database/column.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import type { EvaluationMethod, ExperimentStatus, ExperimentType } from "./schema.ts";

export const EXPERIMENTS = new Table("experiments", {
  workspace: text().internal(),
  id: text(),
  dataset_id: text(),
  dataset_version_id: text().nullable(),
  project_id: text().nullable(),
  name: text().changing(),
  type: text<ExperimentType>().changing(),
  evaluation_method: text<EvaluationMethod>(),
  optimization_id: text().nullable(),
  status: text<ExperimentStatus>().nullable().internal().changing(),
  metadata_json: json().nullable().changing(),
  tags_json: json().nullable().changing(),
  experiment_scores_json: json().nullable().changing(),
  prompt_versions_json: json().nullable().internal(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().changing(),
});

export type ExperimentRow = Row<typeof EXPERIMENTS>;
