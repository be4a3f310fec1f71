import { OpikError } from "./errors.ts";
import { isScalar, type Parameter, readList } from "./parameters.ts";

/** How a list is to be sorted. */
export interface Sorting<Field extends string> {
  field: Field;
  descending: boolean;
}

/**
 * The query parameter `sorting`: `[{"field":"name","direction":"DESC"}]`. Only the first element counts, and
 * a field that cannot be sorted by is ignored [opik 7.2].
 */
export function querySorting<const Field extends string>(
  fields: readonly Field[],
): Parameter<Sorting<Field> | undefined> {
  return {
    schema: { type: "string" },
    required: false,
    read: (text) => {
      const first = firstSorting(text);
      const field = fields.find((name) => name === first?.field);
      return first && field && { ...first, field };
    },
  };
}

/**
 * The first element of the query parameter `sorting`, whatever its field; `undefined` when there is none.
 * @throws OpikError 400 for text that is no list
 */
export function firstSorting(text: string | undefined): Sorting<string> | undefined {
  if (!text) return undefined;
  const first = firstOf(text);
  return first && { field: String(first.field), descending: String(first.direction).toUpperCase() === "DESC" };
}

function firstOf(text: string): { field?: unknown; direction?: unknown } | undefined {
  const list = readList(text);
  const first = (list?.[0] ?? undefined) as { field?: unknown; direction?: unknown } | undefined;
  if (list === undefined || !isScalar(first?.field) || !isScalar(first?.direction))
    throw OpikError.message(400, `Invalid sorting query parameter '${text}'`);
  return first;
}
