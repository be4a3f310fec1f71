import { Sql, sql } from "../../database/sql.ts";

/** The types of fields, each with its operators [opik 7.10]. */
export type FieldType =
  | "string"
  | "string_exact"
  | "string_list"
  | "string_state_db"
  | "date_time"
  | "number"
  | "duration"
  | "feedback_scores_number"
  | "dictionary"
  | "map"
  | "list"
  | "enum"
  | "enum_legacy"
  | "error_container";

/** A field that rows are filtered by. */
export interface Field {
  type: FieldType;
  /**
   * What it is in SQL:
   * - of text and enumerations: text, `''` when there is none
   * - of points in time: what `timeKey` makes of a timestamp, `NULL` when there is none
   * - of numbers: a number, `NULL` when there is none
   * - of dictionaries, maps and lists: JSON, `NULL` when there is none
   * - of scores: a query for the `name` and `value` of the scores of a row
   * - of errors: anything, `NULL` when there is none
   */
  sql: Sql;
  /** An index finds the rows that are equal in it. */
  isIndexed?: boolean;
  /** A table has the values under the keys at the top of this dictionary (`KeyedFilter`). */
  hasKeyIndex?: boolean;
}

/** The fields of a kind of thing. */
export interface Fields {
  /** What the real server calls them, for its errors: `TraceField`. */
  javaName: string;
  fields: Readonly<Record<string, Field>>;
  /** The dictionaries that a filter on the field `custom` can look into, by the first part of its key. */
  custom?: Readonly<Record<string, Field>>;
  /** Fields whose names are not known beforehand. */
  dynamic?(name: string): Field | undefined;
}

/** The field of that name, if there is one. */
export function fieldOf(fields: Fields, name: string): Field | undefined {
  return Object.hasOwn(fields.fields, name) ? fields.fields[name] : fields.dynamic?.(name);
}

/** A column of text. */
export function textOf(column: string): Sql {
  return new Sql(`coalesce(${column}, '')`);
}

/** What a timestamp ends with that makes no difference: the same time with more zeros has the same key. */
const INSIGNIFICANT = "Z0.";

/** A timestamp in UTC as text that sorts and compares like the time, for any number of digits of the second. */
export function timeKey(timestamp: string): string {
  return timestamp.replace(/[Z0.]+$/, "");
}

/** The key of a column of timestamps in SQL. */
export function timeOf(column: string): Sql {
  return new Sql(`rtrim(${column}, '${INSIGNIFICANT}')`);
}

/** The key of a column of milliseconds since the epoch. */
export function timeOfMilliseconds(column: string): Sql {
  return new Sql(`rtrim(strftime('%Y-%m-%dT%H:%M:%f', ${column} / 1000.0, 'unixepoch'), '${INSIGNIFICANT}')`);
}

/** From one column of timestamps to another in milliseconds, with microseconds as the fraction. */
export function durationBetween(start: string, end: string): Sql {
  const fraction = (column: string): string => `CAST(substr(${column}, 20, 7) AS REAL)`;
  return new Sql(
    `round((unixepoch(${end}) - unixepoch(${start}) + ${fraction(end)} - ${fraction(start)}) * 1000.0, 3)`,
  );
}

/** A number of a JSON object, 0 when it has none. */
export function numberIn(json: Sql, path: string): Sql {
  return sql`coalesce(${json} ->> ${path}, 0)`;
}

/** A field that is a column of text. */
export function textField(column: string): Field {
  return { type: "string", sql: textOf(column) };
}

/** A field that is a column of text of what Opik keeps in its state database: it has other operators. */
export function stateField(column: string): Field {
  return { type: "string_state_db", sql: textOf(column) };
}

/** A field that is a column of milliseconds since the epoch. */
export function timeField(column: string): Field {
  return { type: "date_time", sql: timeOfMilliseconds(column) };
}
