import { formatTime, parseTime } from "./time.ts";

/**
 * The row after which a page begins. The wire's cursor is the row's time; ours adds its id, because many
 * rows can have one time, and without the id pages would skip or repeat them. A cursor that is a time alone
 * works too.
 */
export interface Cursor {
  time: number;
  /** `undefined` begins at the first row of another time. */
  id: string | undefined;
}

/** One page of a list [strait 0.6]. */
export interface Page<Item> {
  data: Item[];
  next_cursor?: string;
  has_more: boolean;
}

/** @returns `undefined` when the text is no cursor */
export function readCursor(text: string): Cursor | undefined {
  const [timeText = "", id] = text.split("_", 2);
  const time = parseTime(timeText);
  return time === undefined ? undefined : { time, id };
}

/** The bounds for `(created_at, id) < (:time, :id)`; without a cursor nothing is cut off. */
export function before(cursor: Cursor | undefined): { time: number; id: string } {
  return { time: cursor?.time ?? Number.MAX_SAFE_INTEGER, id: cursor?.id ?? "" };
}

/** Greater than every id. */
const LAST_ID = "\u{10FFFF}";

/** The bounds for `(created_at, id) > (:time, :id)`; without a cursor nothing is cut off. */
export function after(cursor: Cursor | undefined): { time: number; id: string } {
  return cursor === undefined ? { time: -1, id: "" } : { time: cursor.time, id: cursor.id ?? LAST_ID };
}

/**
 * Creates a page of rows that were read with one more than `limit`.
 * @param keyOf the time and id by which the list is ordered
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => { time: number; id: string },
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    data: shown.map(toItem),
    ...(hasMore ? { next_cursor: writeCursor(keyOf(last)) } : {}),
    has_more: hasMore,
  };
}

function writeCursor(key: { time: number; id: string }): string {
  return `${formatTime(key.time)}_${key.id}`;
}
