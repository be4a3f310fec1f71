import { stringifyJson } from "../../core/json.ts";
import { millisecondsBetween, printTimestamp } from "../../core/timestamps.ts";
import { integer, real, text } from "../../database/column.ts";
import type { RowOf } from "../../database/table.ts";
import type { Owner } from "../access/owner.ts";
import { jsonField, timeField } from "../wire/columns.ts";
import { doubleOf } from "../wire/numbers.ts";
import { isBlank } from "../wire/values.ts";
import { UNWRITTEN } from "./merge.ts";
import type { RecordUpdate, RecordWrite, RowFields, SOURCES } from "./schema.ts";

/*
 * What traces and spans have in common: their columns, and how these become fields of answers.
 */

/** The columns of a trace or a span that only we write. */
export const OWN_COLUMNS = {
  workspace: text(),
  id: text(),
  project_id: text(),
  created_at: integer(),
  created_by: text(),
  // when the newest write was made, as its author says
  last_updated_at: text(),
  last_updated_by: text(),
  // for each column that is not empty, when the write was made that it comes from
  versions_json: text(),
};

/** The columns that a trace and a span have in common and that are merged. */
export const COMMON_COLUMNS = {
  name: text().nullable(),
  start_time: text().nullable(),
  end_time: text().nullable(),
  input_json: text().nullable(),
  output_json: text().nullable(),
  metadata_json: text().nullable(),
  tags_json: text().nullable(),
  error_info_json: text().nullable(),
  ttft: real().nullable(),
  source: text<(typeof SOURCES)[number]>().nullable(),
  environment: text().nullable(),
};

export type OwnColumns = RowOf<typeof OWN_COLUMNS>;
export type CommonColumns = RowOf<typeof COMMON_COLUMNS>;

/** The columns of a row before the first write. */
export function newRow(owner: Owner, id: string, projectId: string, now: number): OwnColumns {
  return {
    workspace: owner.workspace,
    id,
    project_id: projectId,
    created_at: now,
    created_by: owner.user,
    last_updated_by: owner.user,
    ...UNWRITTEN,
  };
}

/** What a request writes to the common columns. */
export function commonColumns(request: RecordWrite | RecordUpdate): CommonColumns {
  return {
    name: request.name ?? null,
    start_time: "start_time" in request ? request.start_time : null,
    end_time: request.end_time ?? null,
    input_json: request.input?.text ?? null,
    output_json: request.output?.text ?? null,
    metadata_json: request.metadata?.text ?? null,
    tags_json: request.tags === undefined ? null : JSON.stringify(request.tags),
    error_info_json: request.error_info === undefined ? null : stringifyJson(request.error_info),
    ttft: request.ttft ?? null,
    source: request.source ?? null,
    environment: request.environment ?? null,
  };
}

/** Where a row starts that has been updated but not written yet [opik 7.2]. */
const NOT_STARTED = "1970-01-01T00:00:00Z";

/** The fields of an answer that the rows of traces and spans have in common; what is empty is left out. */
export function commonFields(row: CommonColumns & OwnColumns): RowFields {
  return {
    id: row.id,
    project_id: row.project_id,
    name: textField(row.name),
    start_time: row.start_time === null ? NOT_STARTED : printTimestamp(row.start_time),
    end_time: row.end_time === null ? undefined : printTimestamp(row.end_time),
    input: jsonField(row.input_json),
    output: jsonField(row.output_json),
    metadata: jsonField(row.metadata_json),
    tags: row.tags_json === "[]" ? undefined : jsonField(row.tags_json),
    error_info: jsonField(row.error_info_json),
    ttft: row.ttft === null ? undefined : doubleOf(row.ttft),
    source: row.source ?? undefined,
    environment: row.environment ?? "",
    created_at: timeField(row.created_at),
    created_by: row.created_by,
    last_updated_at: printTimestamp(row.last_updated_at),
    last_updated_by: row.last_updated_by,
    duration: row.start_time && row.end_time ? doubleOf(millisecondsBetween(row.start_time, row.end_time)) : undefined,
  };
}

/** A column of text as a field of an answer; what is blank is left out [opik 7.3]. */
export function textField(column: string | null): string | undefined {
  return column === null || isBlank(column) ? undefined : column;
}
