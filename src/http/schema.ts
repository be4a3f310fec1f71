import * as v from "valibot";
import { type JsonShape, RawJson } from "../core/json.ts";

/** A schema for JSON input. */
export type Schema<Output> = v.GenericSchema<unknown, Output>;

/**
 * Makes a function return the schema again that it has created for the same argument. A schema never changes, and has a
 * dozen functions: the fields of all bodies have few types, and a schema for each field took a twentieth of a start.
 * @param keyOf what equal arguments have in common; default the argument itself
 */
export function reused<Arguments extends [argument?: unknown], Made>(
  create: (...given: Arguments) => Made,
  keyOf: (argument: Arguments[0]) => unknown = (argument) => argument,
): (...given: Arguments) => Made {
  const byValue = new Map<unknown, Made>();
  // A server that has stopped must not be kept in memory by its schemas.
  const byObject = new WeakMap<object, Made>();
  return (...given) => {
    const key = keyOf(given[0]);
    const isObject = typeof key === "object" && key !== null;
    const known = isObject ? byObject.get(key) : byValue.get(key);
    if (known !== undefined) return known;
    const made = create(...given);
    if (isObject) byObject.set(key, made);
    else byValue.set(key, made);
    return made;
  };
}

/**
 * Creates a value schema: `read` returns the value or throws the reason why it cannot be one.
 * @param shape `"text"` when numbers are needed as their text
 */
export function jsonValue<Output>(
  jsonSchema: object,
  read: (input: unknown) => Output,
  shape?: "text",
): Schema<Output> {
  return v.pipe(
    v.unknown(),
    v.metadata(shape === undefined ? { jsonSchema } : { jsonSchema, shape }),
    v.rawTransform<unknown, Output>(({ dataset, addIssue, NEVER }) => {
      try {
        return read(dataset.value);
      } catch (error) {
        addIssue({ message: (error as Error).message });
        return NEVER;
      }
    }),
  );
}

/** Any JSON, kept as its own text. */
export const anyJson = v.pipe(v.instance(RawJson), v.metadata({ jsonSchema: {} }));

export interface ShapeOptions {
  /** Whether field names match without regard to case. */
  anyCase: boolean;
  /** The shapes of objects so far, by their schemas: an object may be in itself. */
  known?: Map<v.GenericSchema, JsonShape>;
}

/** Which parts of a document a schema needs as raw text, for `parseJson`. */
export function shapeOf(schema: v.GenericSchema, options: ShapeOptions = { anyCase: false }): JsonShape {
  const inner = unwrap(schema);
  if (inner.type === "instance" && (inner as v.InstanceSchema<typeof RawJson, undefined>).class === RawJson)
    return "raw";
  if ("entries" in inner) return objectShape(inner, inner.entries as Record<string, v.GenericSchema>, options);
  if (inner.type === "array")
    return { items: shapeOf((inner as v.ArraySchema<v.GenericSchema, undefined>).item, options) };
  if (inner.type === "map")
    return { values: shapeOf((inner as v.MapSchema<v.GenericSchema, v.GenericSchema, undefined>).value, options) };
  return (v.getMetadata(inner) as { shape?: "text" }).shape;
}

function objectShape(
  schema: v.GenericSchema,
  entries: Readonly<Record<string, v.GenericSchema>>,
  { anyCase, known = new Map<v.GenericSchema, JsonShape>() }: ShapeOptions,
): JsonShape {
  const shape = known.get(schema);
  if (shape !== undefined) return shape;
  const fields: Record<string, JsonShape> = {};
  const made = anyCase ? { fields, anyCase } : { fields };
  known.set(schema, made);
  for (const [key, entry] of Object.entries(entries)) fields[key] = shapeOf(entry, { anyCase, known });
  return made;
}

/** Where something is in a value: names of fields and places in lists. */
export type ValuePath = ReadonlyArray<string | number>;

/** Where a list stands in place of an object. The library takes one for an object that has no fields. */
export function listsForObjects(schema: v.GenericSchema, value: unknown, path: ValuePath = []): ValuePath[] {
  const inner = unwrap(schema);
  if ("entries" in inner || inner.type === "record") {
    if (Array.isArray(value)) return [path];
    const entries = "entries" in inner ? (inner.entries as Record<string, v.GenericSchema>) : {};
    const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return fields.flatMap(([name, field]) => {
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      return entry === undefined ? [] : listsForObjects(entry, field, [...path, name]);
    });
  }
  if (inner.type !== "array" || !Array.isArray(value)) return [];
  const { item } = inner as v.ArraySchema<v.GenericSchema, undefined>;
  return value.flatMap((one, place) => listsForObjects(item, one, [...path, place]));
}

/** Unwraps `optional`, `nullish`, `lazy` and the actions of a pipe. */
export function unwrap(schema: v.GenericSchema): v.GenericSchema {
  if (schema.type === "lazy") return unwrap((schema as v.LazySchema<v.GenericSchema>).getter(undefined));
  return "wrapped" in schema ? unwrap(schema.wrapped as v.GenericSchema) : schema;
}
