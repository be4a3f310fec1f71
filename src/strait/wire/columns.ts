import { type Column, column } from "../../database/column.ts";
import { formatTime } from "./time.ts";

/** A column of milliseconds since the epoch, in answers as Go writes times [strait 0.5]. */
export function time(): Column<number, string> {
  return column({ toField: formatTime, toStored: (field) => Date.parse(field) });
}

/** A column of 0 and 1, in answers `true` or left out. */
export function mark(): Column<0 | 1, true | undefined> {
  return column({ toField: (stored) => (stored === 1 ? true : undefined), toStored: (field) => (field ? 1 : 0) });
}
