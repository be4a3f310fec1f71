import { inSlices } from "../../../../core/slices.ts";
import type { Column } from "./schema.ts";

/** How the real server calls the types of JSON values. */
const TYPES: Readonly<Record<string, string>> = {
  object: "object",
  string: "string",
  number: "number",
  boolean: "boolean",
};

/** The number of rows that are read at once, so that other requests are answered between. */
const ROWS_AT_ONCE = 500;

/**
 * The fields of JSON objects that come page by page, with the types that their values have.
 * @param prefix how filters call the objects
 * @param read the texts of the next objects, at most `limit` of them
 */
export async function columnsOf(prefix: string, read: (limit: number) => readonly string[]): Promise<Column[]> {
  const types = new Map<string, Set<string>>();
  await inSlices(() => {
    const texts = read(ROWS_AT_ONCE);
    for (const text of texts) addFields(types, text);
    return texts.length === ROWS_AT_ONCE;
  });
  return [...types].map(([name, found]) => ({
    name,
    types: [...found],
    filter_field_prefix: prefix,
    filter_field: `${prefix}.${name}`,
  }));
}

function addFields(types: Map<string, Set<string>>, text: string): void {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const known = types.get(name) ?? new Set();
    types.set(name, known.add(typeOf(field)));
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : (TYPES[typeof value] ?? "string");
}
