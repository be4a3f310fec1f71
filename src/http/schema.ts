import * as v from "valibot";
import { type JsonShape, RawJson } from "../core/json.ts";

/** A schema for JSON input. */
export type Schema<Output> = v.GenericSchema<unknown, Output>;

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
}

/** Which parts of a document a schema needs as raw text, for `parseJson`. */
export function shapeOf(schema: v.GenericSchema, options: ShapeOptions = { anyCase: false }): JsonShape {
  const inner = unwrap(schema);
  if (inner.type === "instance" && (inner as v.InstanceSchema<typeof RawJson, undefined>).class === RawJson)
    return "raw";
  if ("entries" in inner) {
    const entries = Object.entries(inner.entries as Record<string, v.GenericSchema>);
    const fields = Object.fromEntries(entries.map(([key, entry]) => [key, shapeOf(entry, options)]));
    return options.anyCase ? { fields, anyCase: true } : { fields };
  }
  if (inner.type === "array")
    return { items: shapeOf((inner as v.ArraySchema<v.GenericSchema, undefined>).item, options) };
  if (inner.type === "map")
    return { values: shapeOf((inner as v.MapSchema<v.GenericSchema, v.GenericSchema, undefined>).value, options) };
  return (v.getMetadata(inner) as { shape?: "text" }).shape;
}

/** Unwraps `optional`, `nullish` and the actions of a pipe. */
export function unwrap(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema ? unwrap(schema.wrapped as v.GenericSchema) : schema;
}
