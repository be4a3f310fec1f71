/** A JSON schema, as far as the OpenAPI document uses it. */
export interface Schema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

/** An operation of the OpenAPI document. */
export interface Operation {
  parameters?: ReadonlyArray<{ in: string; name: string; required?: boolean; schema: Schema }>;
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** The way to a field: names, `[]` for the entry of a list, `{}` for the value of a map. */
export type FieldPath = readonly string[];

export function isNumber({ type }: Schema): boolean {
  return type === "integer" || type === "number";
}

/** The ways to all fields that are numbers. */
export function numbersIn(schema: Schema, path: FieldPath = []): FieldPath[] {
  if (isNumber(schema)) return [path];
  const { properties = {}, items, anyOf = [], additionalProperties } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => numbersIn(field, [...path, name])),
    ...(items === undefined ? [] : numbersIn(items, [...path, "[]"])),
    ...anyOf.flatMap((alternative) => numbersIn(alternative, path)),
    ...(typeof additionalProperties === "object" ? numbersIn(additionalProperties, [...path, "{}"]) : []),
  ];
}

export interface BodyOptions {
  /** JSON to put at the end of the way, whatever the schema says of it. */
  at: FieldPath | undefined;
  json: string;
  /** JSON of fields, by their names: they are in the body also where the schema does not require them. */
  known: Readonly<Record<string, string>>;
}

/** A body that fits a schema: what it requires, what is known, and what leads to the one field. */
export function bodyFor(schema: Schema, { at, json, known }: BodyOptions, name = ""): string {
  if (at?.length === 0) return json;
  const [next, ...rest] = at ?? [];
  const within = (of: Schema, step: string, field = step): string =>
    bodyFor(of, { at: step === next ? rest : undefined, json, known }, field);
  const { properties, required = [], items, anyOf, additionalProperties } = schema;
  if (anyOf !== undefined) return bodyFor(anyOf[0] ?? {}, { at, json, known }, name);
  if (items !== undefined) return `[${within(items, "[]", name)}]`;
  if (properties !== undefined) {
    const fields = Object.entries(properties).filter(
      ([field]) => required.includes(field) || field === next || field in known,
    );
    return `{${fields.map(([field, of]) => `"${field}":${within(of, field)}`).join(",")}}`;
  }
  if (typeof additionalProperties === "object") return `{"echo":${within(additionalProperties, "{}")}}`;
  if (name in known) return known[name]!;
  if (schema.enum !== undefined) return JSON.stringify(schema.enum[0]);
  if (isNumber(schema)) return "1";
  return { string: '"text"', boolean: "true", array: "[]" }[schema.type ?? ""] ?? "{}";
}
