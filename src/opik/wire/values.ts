import * as v from "valibot";
import type { RawJson } from "../../core/json.ts";
import { anyJson, jsonValue, reused, type Schema } from "../../http/schema.ts";
import { parseJavaInteger } from "./java-integers.ts";

/**
 * The values of Opik's request bodies, with the coercions of the real server's JSON reader [opik 1.4].
 *
 * The real server has two answers for invalid values: 400 from its JSON reader for a wrong type (here: an issue of a
 * schema or a transformation), 422 from its bean validation for a broken constraint (here: an issue of a `check`).
 * `wire/body.ts` distinguishes them.
 */

function describe(input: unknown): string {
  if (Array.isArray(input)) return "Array value (token `JsonToken.START_ARRAY`)";
  if (input instanceof Map || typeof input === "object") return "Object value (token `JsonToken.START_OBJECT`)";
  return `${typeof input} value (${String(input)})`;
}

/** Text; numbers and booleans are taken as their letters. */
export const string = reused((jsonSchema: object = {}): Schema<string> => {
  const read = (input: unknown): string => {
    if (typeof input === "object")
      throw new Error(`Cannot deserialize value of type \`java.lang.String\` from ${describe(input)}`);
    return String(input);
  };
  return jsonValue({ type: "string", ...jsonSchema }, read, "text");
}, JSON.stringify);

type IntegerFormat = "int32" | "int64";

/**
 * A whole number; numeric text is read, fractions are cut off, `NaN` and blank text are 0 [opik 1.4]. `int64` reaches
 * as far as JavaScript's safe integers.
 */
export const integer = reused((format: IntegerFormat = "int32"): Schema<number> => {
  return jsonValue({ type: "integer", format }, (input) => readInteger(input, format) ?? 0);
});

/** A whole number that may be left out; blank text and the text `null` are the same as left out. */
export const optionalInteger = reused((format: IntegerFormat = "int32"): Schema<number | undefined> => {
  return optional(jsonValue<number | null>({ type: "integer", format }, (input) => readInteger(input, format)));
});

/** @returns `null` for text that is no number and no mistake either */
function readInteger(input: unknown, format: IntegerFormat): number | null {
  const type = format === "int32" ? "int" : "long";
  if (typeof input === "string") {
    const text = input.trim();
    if (text === "" || text === "null") return null;
    const number = parseJavaInteger(text);
    if (number === undefined || !isInRange(number, format)) {
      throw new Error(
        `Cannot deserialize value of type \`${type}\` from String "${input}": not a valid \`${type}\` value`,
      );
    }
    return number;
  }
  if (typeof input !== "number") {
    throw new Error(`Cannot deserialize value of type \`${type}\` from ${describe(input)}`);
  }
  if (Number.isNaN(input)) return 0;
  if (!isInRange(input, format)) {
    const range = format === "int32" ? "(-2147483648 - 2147483647)" : "(-9223372036854775808 - 9223372036854775807)";
    throw new Error(`Numeric value (${input}) out of range of ${type} ${range}`);
  }
  return Math.trunc(input);
}

function isInRange(number: number, format: IntegerFormat): boolean {
  return format === "int32" ? isInt32(number) : Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/** Whether a number is within the bounds of Java's `int`. */
export function isInt32(number: number): boolean {
  return number >= -(2 ** 31) && number <= 2 ** 31 - 1;
}

/** Any number; numeric text is read, blank text is no value at all. */
export const number = reused((): Schema<number | null> => jsonValue({ type: "number" }, readNumber));

/** The same for a number that is kept as JSON, which has none beyond the range of a double. */
export const finiteNumber = reused((): Schema<number | null> => {
  return jsonValue({ type: "number" }, (input) => {
    const value = readNumber(input);
    if (value === null || Number.isFinite(value)) return value;
    throw new Error(`Numeric value (${value}) out of range of \`double\``);
  });
});

function readNumber(input: unknown): number | null {
  if (typeof input === "number") return input;
  if (typeof input === "string" && input.trim() === "") return null;
  const result = typeof input === "string" ? Number(input) : Number.NaN;
  if (Number.isNaN(result)) throw new Error(`Cannot deserialize value of type \`double\` from ${describe(input)}`);
  return result;
}

export const boolean = reused((): Schema<boolean> => {
  return jsonValue({ type: "boolean" }, (input) => {
    if (input === true || input === "true") return true;
    if (input === false || input === "false") return false;
    throw new Error(`Cannot deserialize value of type \`boolean\` from ${describe(input)}`);
  });
});

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BASE64_OF_16_BYTES = /^[A-Za-z0-9+/]{22}==$/;

/** A UUID in lower case. Blank text is no value at all, as with the real server. */
export const uuid = reused((): Schema<string | null> => {
  return jsonValue({ type: "string", format: "uuid" }, (input) => {
    if (typeof input !== "string") throw noUuid(describe(input));
    return input.trim() === "" ? null : readUuid(input);
  });
});

/** A UUID as the key of a map. */
export const uuidKey = reused((): Schema<string> => {
  return jsonValue({ type: "string", format: "uuid" }, (input) => readUuid(String(input)));
});

function readUuid(input: string): string {
  const text = input.trim();
  if (CANONICAL_UUID.test(text)) return text.toLowerCase();
  if (!BASE64_OF_16_BYTES.test(text)) throw noUuid(`String "${input}"`);
  const hex = Buffer.from(text, "base64").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function noUuid(shown: string): Error {
  return new Error(
    `Cannot deserialize value of type \`java.util.UUID\` from ${shown}: UUID has to be represented by standard 36-char representation`,
  );
}

/** One of `choices`, compared exactly. `label` is its name in errors of the real server. */
export function exactly<const Choice extends string>(label: string, choices: readonly Choice[]): Schema<Choice> {
  return jsonValue({ type: "string", enum: choices }, (input) => {
    const found = choices.find((choice) => choice === input);
    if (found === undefined)
      throw new Error(
        `Cannot construct instance of \`${label.replaceAll(" ", "")}\`, problem: Unknown ${label}: ${String(input)}`,
      );
    return found;
  });
}

/**
 * One of `choices` in any case, with spaces left out and `-` and `.` taken as `_`.
 * @param printed the choices as the error names them
 */
export function loosely<const Choice extends string>(
  label: string,
  choices: readonly Choice[],
  printed: string = upperCased(choices),
): Schema<Choice> {
  return jsonValue({ type: "string", enum: choices }, (input) => {
    const found = findLoosely(choices, String(input));
    if (found === undefined) {
      throw new Error(`Cannot deserialize value of type \`${label}\`: ${String(input)} was not one of [${printed}]`);
    }
    return found;
  });
}

/** The choice that Dropwizard's fuzzy enum reader finds for a text. */
export function findLoosely<Choice extends string>(choices: readonly Choice[], text: string): Choice | undefined {
  const exact = choices.find((choice) => choice === text);
  if (exact !== undefined) return exact;
  const wanted = text.replaceAll(" ", "").replaceAll(/[-.]/g, "_").toLowerCase();
  return choices.find((choice) => choice === wanted);
}

/** The choices as Java prints an enum. */
export function upperCased(choices: readonly string[]): string {
  return choices.map((choice) => choice.toUpperCase()).join(", ");
}

/** Free-form JSON, kept as its own text; an explicit `null` counts as given. */
export function freeForm(): typeof anyJson {
  return anyJson;
}

/** Free-form JSON in place of an object that the real server knows the fields of; `null` is the same as left out. */
export function freeFormOrNull(): Schema<RawJson | undefined> {
  return v.pipe(
    optional(freeForm()),
    v.transform((given) => (given?.text === "null" ? undefined : given)),
  );
}

/** A list; elements that are `null` break the constraint the real server names `<list element>`. */
export const list = reused(<Output>(item: Schema<Output>): Schema<Output[]> => {
  return v.array(item, "Cannot deserialize value of type `java.util.ArrayList`");
});

/** An object with any keys, read as a `Map` so that no key is special. */
export function map<Output>(item: Schema<Output>, key: Schema<string> = string()): Schema<Map<string, Output>> {
  return v.map(key, item, "Cannot deserialize value of type `java.util.LinkedHashMap`");
}

/** A field that may be left out; `null` is the same as left out. */
export const optional = reused(<Output>(schema: Schema<Output>): Schema<Exclude<Output, null> | undefined> => {
  return v.pipe(
    v.nullish(schema, () => undefined),
    v.transform((output) => (output ?? undefined) as Exclude<Output, null> | undefined),
  );
});

/** A field that must be there. */
export const required = reused(<Output>(schema: Schema<Output>): Schema<NonNullable<Output>> => {
  return v.pipe(
    v.nullish(schema, () => null as Output),
    v.metadata({ required: true }),
    v.check((output) => output !== null && output !== undefined, "must not be null"),
    v.transform((output) => output as NonNullable<Output>),
  );
});

/** Text that must be there and have a character that Java's `trim` keeps. */
export const notBlank = reused((schema: Schema<string> = string()): Schema<string> => {
  return v.pipe(
    v.nullish(schema, ""),
    v.metadata({ required: true }),
    v.check((text) => !isBlank(text), "must not be blank"),
  );
});

/** Adds a constraint to a value that may be absent. */
export function constrained<Output>(
  schema: Schema<Output>,
  holds: (output: Output & {}) => boolean,
  message: string,
): Schema<Output> {
  return v.pipe(
    schema,
    v.check((output) => output === undefined || output === null || holds(output), message),
  );
}

/** Adds a constraint to the texts of a set that may be absent; the real server does not say which of them breaks it. */
export function eachConstrained(
  schema: Schema<string[] | undefined>,
  holds: (text: string) => boolean,
  message: string,
): Schema<string[] | undefined> {
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      const texts = new Set(dataset.typed ? dataset.value : []);
      for (const value of texts) {
        if (!holds(value))
          addIssue({ message, path: [{ type: "set", origin: "value", input: texts, key: null, value }] });
      }
    }),
  );
}

/** Blank is what Java's `String.trim` removes: characters up to U+0020. A no-break space is not blank. */
export function isBlank(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u0020]*$/.test(text);
}
