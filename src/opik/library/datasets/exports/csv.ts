import { rawFields } from "../../../../core/json.ts";

/** What the real server's writer puts in quotes: everything that begins like a comment, and what a reader would change. */
const QUOTED = /^[\0-#]|[\n\r",]|[\0- ]$/;
/** It also quotes the first value of a line when it does not begin with ASCII. */
const QUOTED_FIRST = /^[^\0-~]/;

/**
 * One line of a CSV file, as the real server's writer quotes it [opik 10.4].
 * @returns the line with its end, CRLF
 */
export function csvLine(values: readonly string[]): string {
  return `${values.map((value, index) => quoted(value, index === 0)).join(",")}\r\n`;
}

function quoted(value: string, isFirst: boolean): string {
  const needsQuotes = isFirst
    ? value === "" || QUOTED.test(value) || QUOTED_FIRST.test(value)
    : value !== "" && QUOTED.test(value);
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * The values of an item's data in the order of columns: texts as they are, other values as JSON, and nothing for those
 * that are absent or `null`.
 * @param data the object as JSON
 */
export function csvValues(data: string, columns: readonly string[]): string[] {
  const fields = rawFields(data);
  return columns.map((column) => {
    const value = fields.get(column);
    if (value === undefined || value.isNull) return "";
    return value.text.startsWith('"') ? String(value.parse()) : value.text;
  });
}
