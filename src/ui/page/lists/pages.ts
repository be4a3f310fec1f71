import { useReducer, useRef } from "preact/hooks";
import type { LiveEvent } from "../feed.ts";
import { useReading } from "../live.ts";
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
  /** Grows with each change of the list: the answer to a request from before it is out of date. */
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
  if (known.current?.key !== key) known.current = emptyList(key);
  const list = known.current;
  const reading = useRef(read);
  reading.current = read;

  const load = async (page: number): Promise<void> => {
    if (list.inFlight.has(page)) return;
    list.inFlight.add(page);
    const { generation } = list;
    const settle = (changes: Partial<Known<Row>>, rows: Row[] | undefined): void => {
      if (known.current !== list || list.generation !== generation) return;
      list.inFlight.delete(page);
      // After an error without rows, an empty page: it is read again after the next change, not at once.
      list.pages.set(page, rows ?? list.pages.get(page) ?? []);
      Object.assign(list, changes, { isLoaded: true });
      render();
    };
    await reading.current(page, PAGE_SIZE).then(
      ({ content, total }) => settle({ total, error: undefined }, content),
      (error: Error) => settle({ error }, undefined),
    );
  };
  const show = (from: number, to: number): void => {
    list.visible = { from, to };
    for (const page of pagesOf(list.visible)) if (!list.pages.has(page)) void load(page);
  };
  const reload = async (): Promise<void> => {
    list.generation += 1;
    list.inFlight.clear();
    const inView = new Set(pagesOf(list.visible));
    for (const page of list.pages.keys()) if (!inView.has(page)) list.pages.delete(page);
    await Promise.all([...inView].map((page) => load(page)));
  };
  useReading(key, reload, changes);
  return {
    count: list.total,
    isAll: true,
    at: (index) => list.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE],
    show,
    isLoaded: list.isLoaded,
    error: list.error,
  };
}

function emptyList<Row>(key: string): Known<Row> {
  return {
    ...{ key, total: 0, pages: new Map(), inFlight: new Set(), visible: { from: 0, to: 0 } },
    ...{ isLoaded: false, error: undefined, generation: 0 },
  };
}

function pagesOf({ from, to }: { from: number; to: number }): number[] {
  const first = Math.floor(from / PAGE_SIZE);
  return Array.from({ length: Math.floor(to / PAGE_SIZE) - first + 1 }, (_, index) => first + index);
}
