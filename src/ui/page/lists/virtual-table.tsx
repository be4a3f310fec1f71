import type { Virtualizer } from "@tanstack/virtual-core";
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { isPrinting } from "../printing.ts";
import { boxPosition, keepBox } from "../scroll.ts";
import { isNarrow } from "./narrow.ts";
import type { Rows } from "./rows.ts";
import { useVirtual } from "./virtual.ts";

export interface Column<Row> {
  head: string;
  /** A track of a CSS grid: `2fr`, `100px`. */
  width: string;
  cell(row: Row, index: number): ComponentChildren;
  /** Left out where the window is narrow. */
  isOptional?: boolean;
  class?: string;
}

/** The height of a row in pixels, `--row` of the style sheet. */
const ROW_PX = 36;
/** Browsers limit the height of an element; a longer list has several parts. */
const PART = 400_000;

/** Shows a list of any length. It reads and renders only the rows in view; new rows above do not move these. */
export function VirtualTable<Row>(props: {
  label: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: Rows<Row>;
  /** Shown when there are no rows. */
  empty: ComponentChildren;
  keyOf: (row: Row) => string | number;
}): VNode {
  const { label, rows, empty, keyOf } = props;
  const box = useRef<HTMLDivElement>(null);
  const [part, setPart] = useState(0);
  const first = part * PART;
  const count = Math.max(0, Math.min(PART, rows.count - first));
  const columns = isNarrow.value ? props.columns.filter(({ isOptional }) => isOptional !== true) : props.columns;
  const virtual = useVirtual({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  const inRange = virtual.getVirtualItems();
  // On paper are the rows that have been read.
  const items = isPrinting.value ? inRange.filter(({ index }) => rows.at(first + index) !== undefined) : inRange;
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (rows.count > 0 && !isPrinting.value) rows.show(first + from, first + to);
  });
  useSteadyRows(virtual, rows.count);
  useKeptPosition(label, box, rows.count > 0);
  if (rows.isLoaded && rows.count === 0) {
    return (
      <>
        <Failure error={rows.error} />
        {rows.error === undefined && <div class="faint">{empty}</div>}
      </>
    );
  }
  const gridTemplateColumns = columns
    .map(({ width }) => (width.endsWith("fr") ? `minmax(0, ${width})` : width))
    .join(" ");
  return (
    <>
      <Failure error={rows.error} />
      <div
        class="list"
        ref={box}
        onScroll={(event) => keepBox(label, event.currentTarget.scrollTop)}
        role="table"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rows.count + 1}
        style={{ height: `${(Math.max(1, count) + 1) * ROW_PX + 2}px` }}
      >
        <div role="rowgroup">
          <div class="list-head" role="row" style={{ gridTemplateColumns }}>
            {columns.map(({ head, class: name }) => (
              <span key={head} role="columnheader" class={name}>
                {head}
              </span>
            ))}
          </div>
        </div>
        <div class="list-body" role="rowgroup" style={{ height: `${virtual.getTotalSize()}px` }}>
          {items.map(({ index, start }) => {
            const row = rows.at(first + index);
            return (
              <div
                class="list-row"
                role="row"
                key={row === undefined ? `loading ${index}` : keyOf(row)}
                aria-rowindex={first + index + 2}
                style={{ gridTemplateColumns, transform: `translateY(${start}px)` }}
              >
                {columns.map(({ head, cell, class: name }) => (
                  <span key={head} role="cell" class={name}>
                    {row === undefined ? <span class="loading" /> : cell(row, first + index)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <p class="list-count">{countOf(rows)}</p>
      <Pager page={part} size={PART} total={rows.count} onPage={setPart} />
    </>
  );
}

function countOf({ count, isAll, isLoaded }: Rows<unknown>): string {
  if (!isLoaded) return "…";
  return `${count.toLocaleString("en")}${isAll ? "" : " and more"} ${count === 1 ? "row" : "rows"}`;
}

/** Moves the list with the rows that are in view when new ones come in above. */
function useSteadyRows(virtual: Virtualizer<HTMLElement, HTMLElement>, count: number): void {
  const before = useRef(count);
  useLayoutEffect(() => {
    const added = count - before.current;
    before.current = count;
    // The offset that the list knows: reading it from the element would make the browser lay out the page at once.
    const offset = virtual.scrollOffset ?? 0;
    if (added > 0 && added < PART && offset > ROW_PX) virtual.scrollToOffset(offset + added * ROW_PX);
  }, [count]);
}

/** Scrolls a list to where it was when its address was left, once it has rows. */
function useKeptPosition(label: string, box: RefObject<HTMLElement | null>, hasRows: boolean): void {
  useLayoutEffect(() => {
    const position = boxPosition(label);
    if (hasRows && position !== undefined) box.current?.scrollTo(0, position);
  }, [hasRows]);
}
