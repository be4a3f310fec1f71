import { useReducer, useRef } from "preact/hooks";
import type { LiveEvent } from "../feed.ts";
import { useEvents, useReading } from "../live.ts";
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
  isReadingMore: boolean;
  /** How many pages are being read. */
  readings: number;
  /** Rows that events have shown meanwhile: those pages may have older ones. */
  changed: Map<string, Row>;
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

  /** Reads a page; an answer for a list that is not shown any more is ignored. */
  const read = async (cursor: string | undefined, take: (page: CursorPage<Row>) => void): Promise<void> => {
    list.readings += 1;
    try {
      take(await source.read(cursor));
      list.rows = list.rows.map((row) => list.changed.get(row.id) ?? row);
      list.error = undefined;
    } catch (error) {
      list.error = error as Error;
    }
    list.readings -= 1;
    if (list.readings === 0) list.changed.clear();
    list.isLoaded = true;
    if (known.current === list) render();
  };
  const readNewest = (): Promise<void> =>
    read(undefined, (page) => {
      const ids = new Set(list.rows.map(({ id }) => id));
      // Without a row in common, there are rows between this page and those that are known.
      if (!page.has_more || !page.data.some(({ id }) => ids.has(id))) restart(list, page);
      else list.rows = merged(page.data, list.rows);
    });
  const readMore = async (): Promise<void> => {
    if (list.isReadingMore || list.error !== undefined) return;
    list.isReadingMore = true;
    const { cursor } = list;
    await read(cursor, (page) => {
      // The list has begun anew meanwhile.
      if (list.cursor !== cursor) return;
      list.rows = merged(list.rows, page.data);
      Object.assign(list, { cursor: page.next_cursor, hasMore: page.has_more });
    });
    list.isReadingMore = false;
  };
  useReading(source.key, readNewest, source.adds);
  useEvents((event) => {
    const row = source.changed?.(event);
    if (row === undefined) return;
    if (list.readings > 0) list.changed.set(row.id, row);
    const index = list.rows.findIndex(({ id }) => id === row.id);
    if (index < 0) return;
    list.rows = list.rows.with(index, row);
    render();
  });
  return {
    count: list.rows.length,
    isAll: !list.hasMore,
    at: (index) => list.rows[index],
    show: (_, to) => {
      if (list.hasMore && list.isLoaded && to + AHEAD >= list.rows.length) void readMore();
    },
    isLoaded: list.isLoaded,
    error: list.error,
  };
}

function emptyList<Row>(key: string): Known<Row> {
  return {
    ...{ key, rows: [], cursor: undefined, hasMore: true },
    ...{ isReadingMore: false, readings: 0, changed: new Map(), isLoaded: false, error: undefined },
  };
}

/** Begins the list anew with its first page. */
function restart<Row>(list: Known<Row>, page: CursorPage<Row>): void {
  Object.assign(list, { rows: page.data, cursor: page.next_cursor, hasMore: page.has_more });
}

/** Both lists one after the other; a row that is in both stands where the first has it. */
function merged<Row extends { id: string }>(first: readonly Row[], second: readonly Row[]): Row[] {
  const ids = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !ids.has(id))];
}
