import { wrap } from "../wrap.ts";

const GAP = "  ";
const INDENT = "    ";

/** A column is not made narrower than this unless its text is. */
const NARROWEST = 16;

/**
 * Lays out a table: in columns whose cells are wrapped, or, when its words are too long for that, each row as its first
 * cells with the last one below.
 * @param rows all rows, the header first
 * @param width the largest number of characters in a line
 */
export function tableLines(rows: ReadonlyArray<readonly string[]>, width: number): string[] {
  const widths = columnWidths(rows, width);
  if (widths === undefined) return listed(rows, width);
  const [header = [], ...others] = rows;
  const capitals = header.map((cell) => cell.toUpperCase());
  return [capitals, ...others].flatMap((row) => rowLines(row, widths));
}

/** @returns `undefined` when the table does not fit */
function columnWidths(rows: ReadonlyArray<readonly string[]>, width: number): number[] | undefined {
  const columns = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => rows.map((row) => row[column] ?? ""));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const smallest = columns.map((cells, column) => {
    const longestWord = Math.max(...cells.flatMap((cell) => cell.split(" ").map((word) => word.length)));
    return Math.max(longestWord, Math.min(NARROWEST, widths[column] ?? 0));
  });
  const available = width - GAP.length * (columns.length - 1);
  if (sum(smallest) > available) return undefined;
  while (sum(widths) > available) {
    const spare = widths.map((one, column) => (one > (smallest[column] ?? 0) ? one : 0));
    const widest = spare.indexOf(Math.max(...spare));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((width, column) => wrap(row[column] ?? "", width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => (lines[line] ?? "").padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function listed([header = [], ...rows]: ReadonlyArray<readonly string[]>, width: number): string[] {
  return rows.flatMap((row) => {
    const [first = "", ...others] = row;
    const last = others.pop() ?? "";
    const between = others.flatMap((cell, index) => (cell === "" ? [] : [`${header[index + 1] ?? ""}: ${cell}`]));
    const below = wrap(last, width - INDENT.length).map((line) => (INDENT + line).trimEnd());
    return [...wrap([first, ...between].join("   "), width), ...below];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
