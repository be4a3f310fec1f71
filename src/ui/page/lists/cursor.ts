import { useEffect, useReducer, useRef } from "preact/hooks";
import { type LiveEvent, useChanges, useEvents } from "../live.ts";
import type { Rows } from "./rows.ts";

/** Rows that are read before the end comes into view. */
const AHEAD = 20;

export interface CursorPage<Row> {
  data: Row[];
  next_cursor?: string | undefined;
  has_more: boolean;
}

interface Known<Row> {
  key: string;
  rows: Row[];
  cursor: string | undefined;
  hasMore: boolean;
  isReading: boolean;
  isLoaded: boolean;
  error: Error | undefined;
}

export interface CursorSource<Row> {
  /** Which list; another key is another list. */
  key: string;
  read(cursor: string | undefined): Promise<CursorPage<Row>>;
  /** Whether an event adds rows. */
  adds(event: LiveEvent): boolean;
  /** The row that an event shows as it is now. */
  changed?(event: LiveEvent): Row | undefined;
}

/** Reads a list that goes on behind a cursor, newest first; more rows are read when the end comes into view. */
export function useCursor<Row extends { id: string }>(source: CursorSource<Row>): Rows<Row> {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const known = useRef<Known<Row>>(undefined);
  if (known.current?.key !== source.key) known.current = emptyList(source.key);
  const list = known.current;

  const read = async (cursor: string | undefined, take: (page: CursorPage<Row>) => void): Promise<void> => {
    if (list.isReading) return;
    list.isReading = true;
    try {
      const page = await source.read(cursor);
      if (known.current !== list) return;
      take(page);
      Object.assign(list, { isLoaded: true, error: undefined });
    } catch (error) {
      Object.assign(list, { error: error as Error, isLoaded: true, hasMore: false });
    } finally {
      list.isReading = false;
      if (known.current === list) render();
    }
  };
  const more = (): Promise<void> =>
    read(list.cursor, ({ data, next_cursor, has_more }) => {
      list.rows = merged(list.rows, data);
      Object.assign(list, { cursor: next_cursor, hasMore: has_more });
    });
  const newest = (): Promise<void> =>
    read(undefined, (page) => {
      list.rows = merged(page.data, list.rows);
      if (list.cursor === undefined) Object.assign(list, { cursor: page.next_cursor, hasMore: page.has_more });
    });
  useEffect(() => void more(), [source.key]);
  useChanges(source.adds, newest);
  useEvents((event) => {
    const row = source.changed?.(event);
    const index = row === undefined ? -1 : list.rows.findIndex(({ id }) => id === row.id);
    if (row === undefined || index < 0) return;
    list.rows = list.rows.with(index, row);
    render();
  });
  return {
    count: list.rows.length,
    isAll: !list.hasMore,
    at: (index) => list.rows[index],
    show: (_, to) => {
      if (list.hasMore && list.isLoaded && to + AHEAD >= list.rows.length) void more();
    },
    isLoaded: list.isLoaded,
    error: list.error,
  };
}

function emptyList<Row>(key: string): Known<Row> {
  return {
    ...{ key, rows: [], cursor: undefined, hasMore: true },
    ...{ isReading: false, isLoaded: false, error: undefined },
  };
}

/** Both lists one after the other; a row that is in both stands where the first has it. */
function merged<Row extends { id: string }>(first: readonly Row[], second: readonly Row[]): Row[] {
  const ids = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !ids.has(id))];
}
