import type { RawJson } from "../../core/json.ts";

type JsonObject = Record<string, unknown>;

/** What the real server reads a schema into. */
const MAP = "map[string]interface {}";

/** How deep a schema may nest. */
const MAX_DEPTH = 32;

/** A map, because a schema may name any type, `constructor` too. */
const TYPE_CHECKS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["object", isObject],
  ["array", Array.isArray],
  ["string", (value) => typeof value === "string"],
  ["number", (value) => typeof value === "number"],
  ["integer", Number.isInteger],
  ["boolean", (value) => typeof value === "boolean"],
  ["null", (value) => value === null],
]);

/**
 * Checks JSON against the schema of a payload, result or output. The real server knows four keywords, `type`,
 * `required`, `properties` and `items`, and ignores all others; a full JSON Schema validator would refuse
 * what it lets through [strait 2.21].
 * @param value a missing one counts as `null`
 * @returns the first thing that is wrong, such as `$.a[0] must be string`; `undefined` when nothing is
 */
export function checkAgainstSchema(value: RawJson | undefined, schema: RawJson): string | undefined {
  const parsed = schema.parse();
  if (!isObject(parsed))
    return `invalid payload_schema: json: cannot unmarshal ${kindOf(parsed)} into Go value of type ${MAP}`;
  return check(value === undefined ? null : value.parse(), parsed, "$", 0);
}

function check(value: unknown, schema: JsonObject, path: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `${path} exceeds maximum schema nesting depth (${MAX_DEPTH})`;
  const { type } = schema;
  // Without a type everything goes, also what the other keywords would refuse.
  if (typeof type !== "string") return undefined;
  if (TYPE_CHECKS.get(type)?.(value) === false) return `${path} must be ${type}`;
  if (type === "object" && isObject(value)) return checkObject(value, schema, path, depth);
  if (type === "array" && Array.isArray(value)) return checkArray(value, schema, path, depth);
  return undefined;
}

function checkObject(value: JsonObject, schema: JsonObject, path: string, depth: number): string | undefined {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const missing = required.find((name) => typeof name === "string" && !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}.${missing} is required`;
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name) || !isObject(property)) continue;
    const mistake = check(value[name], property, `${path}.${name}`, depth + 1);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function checkArray(value: unknown[], schema: JsonObject, path: string, depth: number): string | undefined {
  const { items } = schema;
  if (!isObject(items)) return undefined;
  for (const [index, item] of value.entries()) {
    const mistake = check(item, items, `${path}[${index}]`, depth + 1);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
