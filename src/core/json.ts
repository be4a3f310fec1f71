import { isList } from "./long-list.ts";

/**
 * A JSON value that passes through as its own text, so that big integers, `1.0`, key order and
 * `__proto__` keys survive: float inputs and HMAC signatures depend on them.
 */
export class RawJson {
  readonly text: string;

  /** @param text valid JSON */
  constructor(text: string) {
    this.text = text;
  }

  /** The JSON text of a plain value. */
  static of(value: unknown): RawJson {
    return new RawJson(stringifyJson(value));
  }

  /** Whether the value is an object (not an array, not null). */
  get isObject(): boolean {
    return this.text.startsWith("{");
  }

  get isNull(): boolean {
    return this.text === "null";
  }

  /** The value as JavaScript sees it: a lossy view, for checks and for people only. */
  parse(): unknown {
    return JSON.parse(this.text);
  }
}

/**
 * Which parts of a document `parseJson` cuts out as `RawJson` and which it reads:
 * `"raw"`, `"text"` (a number is returned as its letters, `"5.50"`), the fields of an object, the items of an array, the values of a map (read as a `Map`, so that
 * no key is special), or `undefined` to read everything.
 */
export type JsonShape =
  | "raw"
  | "text"
  /** With `anyCase` (then the names are in lower case) field names match without regard to case. */
  | { readonly fields: Readonly<Record<string, JsonShape | undefined>>; readonly anyCase?: boolean }
  | { readonly items: JsonShape | undefined }
  | { readonly values: JsonShape | undefined }
  | undefined;

/** What is wrong with a JSON text, and where. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  /** The character that does not fit; `undefined` at the end of the text. */
  readonly character: string | undefined;

  constructor(reason: string, text: string, offset: number) {
    super(reason);
    this.character = text[offset];
    const before = text.slice(0, offset).split("\n");
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}

/**
 * Most levels of objects and lists in each other that are read anywhere: in bodies, fixtures and exports, so that
 * what was accepted can be exported and loaded again. The real servers read 1,000 (Opik) and 10,000 (executor runs);
 * YAML's reader needs too much of the stack for that.
 */
export const MAX_JSON_DEPTH = 500;

/**
 * Reads JSON as Opik's server does: `NaN` and infinities are numbers, the last of several equal keys wins. In raw
 * parts `NaN` and infinities become strings, as the server returns them.
 * @param maxDepth most levels of objects and lists in each other
 * @throws JsonSyntaxError also when anything but white space follows the value, and for a list where the shape names
 *   the fields of an object: to JavaScript it would be one
 */
export function parseJson(text: string, shape?: JsonShape, maxDepth: number = MAX_JSON_DEPTH): unknown {
  const reader = new JsonReader(text, WORDS, maxDepth);
  const value = reader.read(shape);
  reader.end();
  return value;
}

/**
 * Reads JSON as Go's decoder does: like `parseJson`, but `NaN` and infinities are no numbers, and what follows the
 * value is ignored.
 * @throws JsonSyntaxError
 */
export function parseStrictJson(text: string, shape?: JsonShape): unknown {
  return new JsonReader(text, STRICT_WORDS, MAX_JSON_DEPTH).read(shape);
}

/** Writes JSON; `RawJson` as its own text, fields that are `undefined` or `null` left out. */
export function stringifyJson(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (value === undefined) return "null";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${Array.from(value, stringifyJson).join(",")}]`;
  const fields: string[] = [];
  for (const [key, field] of value instanceof Map ? value : Object.entries(value)) {
    if (field !== undefined && field !== null) fields.push(`${JSON.stringify(key)}:${stringifyJson(field)}`);
  }
  return `{${fields.join(",")}}`;
}

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[-+]?[A-Za-z_$][\w$]*/y;
const STRICT_WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...STRICT_WORDS,
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["+Infinity", Number.POSITIVE_INFINITY],
  ["+INF", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-INF", Number.NEGATIVE_INFINITY],
]);

/** What Jackson calls the tokens that are no scalars. */
const TOKENS: Readonly<Record<string, string>> = {
  "{": "START_OBJECT",
  "[": "START_ARRAY",
  "}": "END_OBJECT",
  "]": "END_ARRAY",
};

/** One pass over a text, one method per kind of value. */
class JsonReader {
  readonly #text: string;
  readonly #words: ReadonlyMap<string, unknown>;
  readonly #maxDepth: number;
  #offset = 0;
  #depth = 0;
  /** Where numbers that JSON does not know stand, to be replaced by their names in raw parts. */
  #foreignWords: Array<{ start: number; end: number; value: number }> = [];

  constructor(text: string, words: ReadonlyMap<string, unknown>, maxDepth: number) {
    this.#text = text;
    this.#words = words;
    this.#maxDepth = maxDepth;
  }

  read(shape: JsonShape): unknown {
    this.#skipWhitespace();
    if (shape === "raw") return this.#raw();
    const first = this.#text[this.#offset];
    if (first === "{") return this.#object(shape);
    if (first === "[") return this.#array(shape);
    return this.#scalar(shape === "text");
  }

  /** @throws JsonSyntaxError when anything but white space is left */
  end(): void {
    this.#skipWhitespace();
    const start = this.#offset;
    if (start === this.#text.length) return;
    const token = TOKENS[this.#text[start] ?? ""] ?? this.#scalarToken();
    this.#offset = start;
    this.#fail(
      `Trailing token (of type ${token}) found after value: not allowed as per \`DeserializationFeature.FAIL_ON_TRAILING_TOKENS\``,
    );
  }

  #scalarToken(): string {
    const value = this.#scalar(false);
    if (typeof value === "number") return Number.isInteger(value) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
    return typeof value === "string" ? "VALUE_STRING" : `VALUE_${String(value).toUpperCase()}`;
  }

  #raw(): RawJson {
    const start = this.#offset;
    this.#foreignWords = [];
    this.read(undefined);
    let text = "";
    let from = start;
    for (const word of this.#foreignWords) {
      text += `${this.#text.slice(from, word.start)}"${word.value}"`;
      from = word.end;
    }
    return new RawJson(text + this.#text.slice(from, this.#offset));
  }

  #object(shape: JsonShape): unknown {
    const asMap = typeof shape === "object" && "values" in shape;
    const values = asMap ? shape.values : undefined;
    const fields = typeof shape === "object" && "fields" in shape ? shape.fields : undefined;
    const anyCase = fields !== undefined && typeof shape === "object" && "anyCase" in shape && shape.anyCase === true;
    const entries = new Map<string, unknown>();
    this.#sequence("}", () => {
      const written = this.#string();
      const key = anyCase ? written.toLowerCase() : written;
      this.#skipWhitespace();
      if (this.#text[this.#offset] !== ":") this.#fail("was expecting a colon to separate field name and value");
      this.#offset += 1;
      const fieldShape = fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : values;
      entries.set(key, this.read(fieldShape));
    });
    return asMap ? entries : Object.fromEntries(entries);
  }

  #array(shape: JsonShape): unknown[] {
    if (typeof shape === "object" && "fields" in shape) this.#fail("Cannot deserialize an object from Array value");
    const items = typeof shape === "object" && "items" in shape ? shape.items : undefined;
    const array: unknown[] = [];
    this.#sequence("]", () => array.push(this.read(items)));
    return array;
  }

  /** The entries between the bracket here and `end`, with the commas between them. */
  #sequence(end: "}" | "]", readEntry: () => void): void {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      this.#fail(`Document nesting depth (${this.#depth}) exceeds the maximum allowed (${this.#maxDepth})`);
    }
    this.#offset += 1;
    this.#skipWhitespace();
    let more = this.#text[this.#offset] !== end;
    while (more) {
      this.#skipWhitespace();
      readEntry();
      this.#skipWhitespace();
      more = this.#text[this.#offset] === ",";
      if (more) this.#offset += 1;
      else if (this.#text[this.#offset] !== end) this.#fail(`was expecting comma or '${end}'`);
    }
    this.#offset += 1;
    this.#depth -= 1;
  }

  #string(): string {
    const start = this.#offset;
    if (this.#text.charCodeAt(start) !== QUOTE) this.#fail("was expecting a double-quoted string");
    let end = start + 1;
    let escaped = false;
    for (let code = this.#text.charCodeAt(end); code !== QUOTE; code = this.#text.charCodeAt(end)) {
      if (!(code >= SPACE)) this.#fail("Illegal unquoted character or end of input in a string");
      if (code === BACKSLASH) escaped = true;
      end += code === BACKSLASH ? 2 : 1;
    }
    this.#offset = end + 1;
    return escaped ? this.#unescape(start) : this.#text.slice(start + 1, end);
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#offset)) as string;
    } catch {
      this.#offset = start;
      this.#fail("Unrecognized character escape");
    }
  }

  #skipWhitespace(): void {
    let code = this.#text.charCodeAt(this.#offset);
    while (code === SPACE || code === 10 || code === 13 || code === 9) {
      this.#offset += 1;
      code = this.#text.charCodeAt(this.#offset);
    }
  }

  /** @param asText whether a number is returned as its letters */
  #scalar(asText: boolean): unknown {
    if (this.#text[this.#offset] === '"') return this.#string();
    const number = this.#match(NUMBER);
    if (number !== "") return asText ? number : Number(number);
    const start = this.#offset;
    const word = this.#match(WORD);
    if (!this.#words.has(word)) this.#unexpected(word, start);
    const value = this.#words.get(word);
    if (typeof value !== "number") return value;
    this.#foreignWords.push({ start, end: this.#offset, value });
    return asText ? word : value;
  }

  #unexpected(word: string, start: number): never {
    this.#offset = start;
    if (word !== "") {
      this.#fail(`Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token)`);
    }
    const character = this.#text[start];
    if (character === undefined) this.#fail("Unexpected end-of-input");
    this.#fail(`Unexpected character ('${character}')`);
  }

  /** Moves past what the sticky pattern matches here; `""` when it matches nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const matched = pattern.exec(this.#text)?.[0] ?? "";
    this.#offset += matched.length;
    return matched;
  }

  #fail(reason: string): never {
    throw new JsonSyntaxError(reason, this.#text, this.#offset);
  }
}
