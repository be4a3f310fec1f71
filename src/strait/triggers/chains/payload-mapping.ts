import { rawFields, rawItems, RawJson, stringifyJson } from "../../../core/json.ts";

/**
 * Computes the payload of the next run of a chain from the result of the run before it (`on_complete_payload_mapping`):
 * an object with a field for each field of the mapping, found by a path such as `payment.items.0.amount`; `\.` is a dot
 * inside of a name, `items.#` the number of items, `items.#.amount` the list of their amounts. Absent and null values
 * are left out. Of the real server's paths (those of gjson) wildcards, queries and modifiers are not read. Without a
 * mapping, with one that is no object of texts, and for a source that is no object, the payload is the source itself.
 */
export function mapPayload(source: RawJson | undefined, mapping: RawJson | undefined): RawJson | undefined {
  if (source === undefined || mapping === undefined || !source.isObject || !mapping.isObject) return source;
  try {
    const paths = Object.entries(mapping.parse() as Record<string, unknown>);
    if (paths.some(([, path]) => typeof path !== "string")) return source;
    const fields = paths.toSorted(([left], [right]) => (left < right ? -1 : 1));
    return new RawJson(stringifyJson(new Map(fields.map(([name, path]) => [name, valueAt(source, path as string)]))));
  } catch {
    // Nested deeper than can be read: used as it is.
    return source;
  }
}

function valueAt(source: RawJson, path: string): RawJson | undefined {
  const value = follow(source, path.split(/(?<!\\)\./));
  return value?.isNull === true ? undefined : value;
}

function follow(source: RawJson, steps: readonly string[]): RawJson | undefined {
  let value: RawJson | undefined = source;
  for (const [index, step] of steps.entries()) {
    if (value === undefined) return undefined;
    if (step === "#" && value.text.startsWith("[")) return ofEach(rawItems(value.text), steps.slice(index + 1));
    value = memberOf(value, step.replaceAll("\\.", "."));
  }
  return value;
}

/** The number of items or, with further steps, the list of what these lead to in each item that has it. */
function ofEach(items: readonly RawJson[], steps: readonly string[]): RawJson {
  if (steps.length === 0) return RawJson.of(items.length);
  const found = items.flatMap((item) => follow(item, steps) ?? []);
  return new RawJson(`[${found.map(({ text }) => text).join(",")}]`);
}

/** A field of an object or, by its number from 0, an item of a list. */
function memberOf(value: RawJson, name: string): RawJson | undefined {
  if (value.isObject) return rawFields(value.text).get(name);
  if (!value.text.startsWith("[") || !/^\d+$/.test(name)) return undefined;
  return rawItems(value.text)[Number(name)];
}
