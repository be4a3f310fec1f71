import * as v from "valibot";
import { compactJson } from "../../core/canonical-json.ts";
import { RawJson } from "../../core/json.ts";
import { anyJson, jsonValue, reused, type Schema, unwrap } from "../../http/schema.ts";
import { goTimeError } from "./go-time.ts";
import { parseTime } from "./time.ts";

/**
 * The values of this API's request bodies, read as Go's decoder reads them into a struct [strait 0.2].
 *
 * Invalid values have two answers: 400 for a wrong JSON type (here: an issue of a schema or a transformation), 422 for
 * a broken rule of the struct's tags (here: an issue of a `check`, whose message is the tag's name). `wire/body.ts`
 * distinguishes them.
 */

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return "array";
  if (typeof input === "boolean") return "bool";
  return typeof input;
}

/** What Go says of a value that it cannot decode into a type; it names a number only where it wants another one. */
export function mismatch(input: unknown, type: string): string {
  const written = typeof input === "number" && /^(?:int|float64)$/.test(type) ? `number ${input}` : kindOf(input);
  return `json: cannot unmarshal ${written} into Go value of type ${type}`;
}

/** Text; NUL characters are left out. */
export const string = reused((jsonSchema: object = {}): Schema<string> => {
  return jsonValue({ type: "string", ...jsonSchema }, (input) => {
    if (typeof input !== "string") throw new Error(mismatch(input, "string"));
    return input.replaceAll("\0", "");
  });
}, JSON.stringify);

/** A whole number. */
export const integer = reused((): Schema<number> => {
  return jsonValue({ type: "integer" }, (input) => {
    if (typeof input !== "number" || !Number.isSafeInteger(input)) throw new Error(mismatch(input, "int"));
    return input;
  });
});

/** Any number. */
export const number = reused((): Schema<number> => {
  return jsonValue({ type: "number" }, (input) => {
    if (typeof input !== "number" || !Number.isFinite(input)) throw new Error(mismatch(input, "float64"));
    return input;
  });
});

export const boolean = reused((): Schema<boolean> => {
  return jsonValue({ type: "boolean" }, (input) => {
    if (typeof input !== "boolean") throw new Error(mismatch(input, "bool"));
    return input;
  });
});

/** A time in RFC 3339, read to milliseconds since the epoch. */
export const time = reused((): Schema<number> => {
  return jsonValue({ type: "string", format: "date-time" }, (input) => {
    if (typeof input !== "string") throw new Error("Time.UnmarshalJSON: input is not a JSON string");
    const ms = parseTime(input);
    if (ms === undefined) throw new Error(goTimeError(input));
    return ms;
  });
});

/** Any JSON, kept as its own text without the space around its tokens; an explicit `null` counts as given. */
export const freeForm = reused((): Schema<RawJson> => {
  return v.pipe(
    anyJson,
    v.transform((json) => new RawJson(compactJson(json.text))),
  ) as Schema<RawJson>;
});

/** One of `choices` (tag `oneof`). */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): Schema<Choice> {
  return v.pipe(
    string({ enum: choices }),
    v.check((text) => choices.some((choice) => choice === text), "oneof"),
    v.transform((text) => text as Choice),
  );
}

export const list = reused(<Output>(item: Schema<Output>): Schema<Output[]> => {
  return v.array(item, (issue) => mismatch(issue.input, `[]${goTypeOf(item)}`));
});

/** An object of texts, as a `Map` sorted by key, as Go writes maps; NUL characters in keys are left out. */
export function stringMap(): Schema<ReadonlyMap<string, string>> {
  return v.pipe(
    v.map(v.string(), v.nullish(string(), ""), (issue) => mismatch(issue.input, "map[string]string")),
    v.transform((map) => sortedMap([...map].map(([key, value]) => [key.replaceAll("\0", ""), value]))),
  ) as Schema<ReadonlyMap<string, string>>;
}

/** A map with its keys in order. */
export function sortedMap(entries: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  return new Map([...entries].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Names of Go's structs, by the entries of their schemas. */
const STRUCT_NAMES = new WeakMap<object, string>();

/**
 * An object; unknown fields are ignored.
 * @param structName that of the real server's struct, which it names when it cannot decode a body
 */
export function object<const Entries extends v.ObjectEntries>(
  entries: Entries,
  structName: string,
): v.ObjectSchema<Entries, v.ErrorMessage<v.ObjectIssue>> {
  STRUCT_NAMES.set(entries, structName);
  return v.object(entries, (issue: v.ObjectIssue) => mismatch(issue.input, `api.${structName}`));
}

/** The name of the real server's struct for an object of fields; `undefined` for all other schemas. */
export function structNameOf(schema: v.GenericSchema): string | undefined {
  const inner = unwrap(schema);
  return "entries" in inner ? STRUCT_NAMES.get(inner.entries as object) : undefined;
}

/** As Go names the type of a list's items. */
function goTypeOf(schema: v.GenericSchema): string {
  const name = structNameOf(schema);
  if (name !== undefined) return `api.${name}`;
  const { jsonSchema } = v.getMetadata(schema) as { jsonSchema?: { type?: string } };
  return jsonSchema?.type === "integer" ? "int" : "string";
}

/** A field that may be left out; `null` is the same as left out. */
export const optional = reused(<Output>(schema: Schema<Output>): Schema<Output | undefined> => {
  return v.nullish(schema, () => undefined);
});

/** A field that may be left out; Go's zero value is the same as left out. */
export const optionalNonZero = reused(
  <Output extends string | number>(schema: Schema<Output>): Schema<Output | undefined> => {
    return v.pipe(
      v.nullish(schema, () => undefined),
      v.transform((output) => (output === "" || output === 0 ? undefined : output)),
    );
  },
);

/** A field that must be there and not be Go's zero value (tag `required`). Free-form JSON may be `null`. */
export const required = reused(<Output>(schema: Schema<Output>): Schema<Output> => {
  return v.pipe(
    v.nullish(schema, () => undefined as Output),
    v.metadata({ required: true }),
    v.check((output) => output !== undefined && output !== "" && output !== 0, "required"),
  );
});

/** Free-form JSON that must be there; an explicit `null` counts. */
export const requiredFreeForm = reused((): Schema<RawJson> => {
  return v.pipe(
    // A field with a default is checked when it is absent, too.
    v.optional(freeForm(), () => undefined as RawJson | undefined),
    v.metadata({ required: true }),
    v.check((json) => json !== undefined, "required"),
    v.transform((json) => json as RawJson),
  );
});

/** Adds a rule to a value that may be absent; `tag` is its name in the 422. */
export function ruled<Output>(
  schema: Schema<Output>,
  holds: (output: Output & {}) => boolean,
  tag: string,
): Schema<Output> {
  return v.pipe(
    schema,
    v.check((output) => output === undefined || output === null || holds(output), tag),
  );
}

/** Tag `max` of a text, counted in characters. */
export function maxLength<Output extends string | undefined>(schema: Schema<Output>, most: number): Schema<Output> {
  return ruled(schema, (text) => text.length <= most || Array.from(text).length <= most, "max");
}

/** Tags `min` and `max` of a number. */
export function between<Output extends number | undefined>(
  schema: Schema<Output>,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): Schema<Output> {
  return ruled(
    ruled(schema, (value) => value >= least, "min"),
    (value) => value <= most,
    "max",
  );
}
