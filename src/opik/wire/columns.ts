import { RawJson } from "../../core/json.ts";
import { type Column, column } from "../../database/column.ts";

/** A column of milliseconds since the epoch, in answers as `2026-01-31T12:00:00.000Z`. */
export function time(): Column<number, string> {
  return column({ toField: (stored) => timeField(stored), toStored: (field) => Date.parse(field) });
}

/** A column of JSON text as a field of an answer; `NULL` is a field that is left out. */
export function jsonField(column: string): RawJson;
export function jsonField(column: string | null): RawJson | undefined;
export function jsonField(column: string | null): RawJson | undefined {
  return column === null ? undefined : new RawJson(column);
}

/** A column of milliseconds since the epoch as a field of an answer; `NULL` is a field that is left out. */
export function timeField(column: number): string;
export function timeField(column: number | null): string | undefined;
export function timeField(column: number | null): string | undefined {
  return column === null ? undefined : new Date(column).toISOString();
}
