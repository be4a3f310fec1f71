import { useEffect, useReducer, useRef } from "preact/hooks";
import { type LiveEvent, useChanges } from "../live.ts";
import type { Rows } from "./rows.ts";

/** How many rows a request reads. */
const PAGE_SIZE = 100;

/** One page of a list that knows how many rows it has. */
export interface ListPage<Row> {
  content: Row[];
  total: number;
}

/** The state of one list. */
interface Known<Row> {
  key: string;
  total: number;
  pages: Map<number, Row[]>;
  inFlight: Set<number>;
  visible: { from: number; to: number };
  isLoaded: boolean;
  error: Error | undefined;
  /** Grows with each change of the list: an answer that was asked for before one is out of date. */
  generation: number;
}

/**
 * Reads the pages of a list that are in view, and reads them again after events that change it.
 * @param key which list; another key is another list
 * @param read reads a page; pages count from 0
 */
export function usePages<Row>(
  key: string,
  read: (page: number, size: number) => Promise<ListPage<Row>>,
  changes: (event: LiveEvent) => boolean,
): Rows<Row> {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const known = useRef<Known<Row>>(undefined);
  if (known.current?.key !== key) known.current = emptyList(key, known.current?.generation);
  const list = known.current;
  const reading = useRef(read);
  reading.current = read;

  const load = async (list: Known<Row>, page: number): Promise<void> => {
    if (list.inFlight.has(page)) return;
    list.inFlight.add(page);
    const { generation } = list;
    try {
      const { content, total } = await reading.current(page, PAGE_SIZE);
      if (known.current !== list || list.generation !== generation) return;
      list.pages.set(page, content);
      Object.assign(list, { total, isLoaded: true, error: undefined });
    } catch (error) {
      // An empty page: it is asked for again after the next change, not at once.
      if (!list.pages.has(page)) list.pages.set(page, []);
      Object.assign(list, { error: error as Error, isLoaded: true });
    } finally {
      list.inFlight.delete(page);
      if (known.current === list) render();
    }
  };
  const show = (from: number, to: number): void => {
    list.visible = { from, to };
    for (const page of pagesOf(list.visible)) if (!list.pages.has(page)) void load(list, page);
  };
  useEffect(() => show(0, 0), [key]);
  useChanges(changes, async () => {
    const list = known.current;
    if (list === undefined) return;
    list.generation += 1;
    list.inFlight.clear();
    const inView = new Set(pagesOf(list.visible));
    for (const page of list.pages.keys()) if (!inView.has(page)) list.pages.delete(page);
    await Promise.all([...inView].map((page) => load(list, page)));
  });
  return {
    count: list.total,
    isAll: true,
    at: (index) => list.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE],
    show,
    isLoaded: list.isLoaded,
    error: list.error,
  };
}

function emptyList<Row>(key: string, generation = 0): Known<Row> {
  return {
    ...{ key, total: 0, pages: new Map(), inFlight: new Set(), visible: { from: 0, to: 0 } },
    ...{ isLoaded: false, error: undefined, generation },
  };
}

function pagesOf({ from, to }: { from: number; to: number }): number[] {
  const first = Math.floor(from / PAGE_SIZE);
  return Array.from({ length: Math.floor(to / PAGE_SIZE) - first + 1 }, (_, index) => first + index);
}
