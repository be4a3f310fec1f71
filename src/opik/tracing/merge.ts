import { isLater, later } from "../../core/timestamps.ts";

/** What a column that is merged can hold; `null` is empty. */
type Column = string | number | null;

/** Columns that are merged one by one, by name. */
type MergedColumns = Readonly<Record<string, Column>>;

/** A row of such columns. */
export interface Versioned {
  /** When the newest write was made, as its author says. */
  last_updated_at: string;
  /** For each column that is not empty, when the write was made that it comes from. */
  versions_json: string;
}

/** The versions of a row before the first write. */
export const UNWRITTEN: Versioned = { last_updated_at: "1970-01-01T00:00:00Z", versions_json: "{}" };

/**
 * Merges a write into a row. Each column keeps the newer value, of two values with one time the one that arrived later;
 * empty values of the write change nothing. So the parts of a trace, which clients send in concurrent requests, give
 * the same trace in any order of arrival ([opik 7.2]; the real server replaces the older row and loses values that only
 * it had).
 * @param columns what is written; `null` is not written
 * @param at when, as an ISO 8601 timestamp
 */
export function merge<Row extends Versioned>(row: Row, columns: MergedColumns, at: string): Row {
  const isNew = row.versions_json === UNWRITTEN.versions_json;
  const versions = (isNew ? {} : JSON.parse(row.versions_json)) as Record<string, string>;
  const newer: Record<string, Column> = {};
  for (const [name, value] of Object.entries(columns)) {
    const version = versions[name];
    const isOlder = version !== undefined && isLater(version, at);
    if (value === null || isOlder) continue;
    newer[name] = value;
    versions[name] = at;
  }
  const last_updated_at = later(row.last_updated_at, at);
  return { ...row, ...newer, last_updated_at, versions_json: JSON.stringify(versions) };
}

/** What an update's time depends on, as ISO 8601 timestamps. */
export interface UpdateTimes {
  /** The time of the server's clock. */
  now: string;
  /** The latest time that clients' clocks can have, which is the same unless the server's clock is a virtual one. */
  clients: string;
}

/**
 * Returns the time of an update: now, also when the clock of the row's author is ahead; then the row stays the newest
 * [opik 7.2]. A row that is ahead of a virtual clock only counts as older.
 */
export function timeOfUpdate(row: Pick<Versioned, "last_updated_at">, { now, clients }: UpdateTimes): string {
  return isLater(row.last_updated_at, later(now, clients)) ? now : later(row.last_updated_at, now);
}

/**
 * Returns the time of a write without `last_updated_at`: as for an update, but older than the updates of a row that
 * arrives after them [opik 7.2].
 */
export function timeOfWrite(row: Versioned & { start_time: string | null }, times: UpdateTimes): string {
  return isUpdatedOnly(row) ? UNWRITTEN.last_updated_at : timeOfUpdate(row, times);
}

/** Whether only updates of the row have come so far. */
export function isUpdatedOnly(row: { start_time: string | null }): boolean {
  return row.start_time === null;
}

/**
 * Whether a row that is created one by one has been created before. The Python SDK without batching creates a
 * row when a function starts and the same, newer row when it ends; the real server refuses the second and so
 * never receives the end.
 */
export function isCreatedAgain(
  row: Versioned & { start_time: string | null },
  write: { last_updated_at?: string | undefined },
): boolean {
  const isNewer = write.last_updated_at !== undefined && isLater(write.last_updated_at, row.last_updated_at);
  return !isUpdatedOnly(row) && !isNewer;
}
