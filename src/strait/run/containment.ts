/**
 * Whether one JSON value contains another, as PostgreSQL's `@>` does: objects by their fields, arrays by their items in
 * any order, other values by equality.
 */
export function containsJson(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) {
    const items = Array.isArray(wanted) ? wanted : [wanted];
    return items.every((item) => value.some((candidate) => containsJson(candidate, item)));
  }
  if (isObject(value) && isObject(wanted)) {
    return Object.entries(wanted).every(([key, field]) => Object.hasOwn(value, key) && containsJson(value[key], field));
  }
  return value === wanted;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
