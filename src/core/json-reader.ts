import { JsonDepthError, JsonSyntaxError, NAMES, TOKENS, VALUES } from "./json-syntax-error.ts";
import { RawJson } from "./raw-json.ts";

/**
 * Which parts of a document `JsonReader` cuts out as `RawJson` and which it reads:
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

/** The words that are values, with these values. */
export type JsonWords = ReadonlyMap<string, unknown>;

/** An object or a list that is not read to its end. */
interface Level {
  readonly end: "}" | "]";
  /** What was read of it; `undefined` in a raw part, of which only the text is kept. */
  readonly content: Map<string, unknown> | Record<string, unknown> | unknown[] | undefined;
  readonly shape: JsonShape;
  /** The key of the field that is read. */
  key: string;
}

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[-+]?[A-Za-z_$][\w$]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
/** The characters of a string that are read in one step. */
const STEP_LENGTH = 16 * 1024;

/** Reads a text in one pass, which can pause after any token and inside of long strings. */
export class JsonReader {
  readonly #text: string;
  readonly #words: JsonWords;
  readonly #maxDepth: number;
  /** From the outermost to the innermost. */
  readonly #levels: Level[] = [];
  /** What is expected at the offset. */
  #next: "value" | "first" | "key" | "string" | "separator" | "nothing" = "value";
  #offset = 0;
  /** The shape of the value that is expected. */
  #shape: JsonShape;
  /** Where the raw part begins that is read, and how many levels are around it. */
  #raw: { start: number; depth: number } | undefined;
  /** Where the string begins that is read. */
  #stringStart = 0;
  #isEscaped = false;
  #isKey = false;
  /** Where numbers that JSON does not know stand in a raw part, to be replaced by their names. */
  #foreignWords: Array<{ start: number; end: number; value: number }> = [];
  #result: unknown;

  /** @param maxDepth the limit of objects and lists in each other */
  constructor(text: string, shape: JsonShape, words: JsonWords, maxDepth: number) {
    this.#text = text;
    this.#shape = shape;
    this.#words = words;
    this.#maxDepth = maxDepth;
  }

  /**
   * Reads about this many characters more.
   * @returns whether the value is complete
   * @throws JsonSyntaxError
   */
  advance(characters: number): boolean {
    const pause = this.#offset + characters;
    while (this.#next !== "nothing") {
      if (this.#offset >= pause) return false;
      this.#step();
    }
    return true;
  }

  /** The value, when it is complete. */
  get result(): unknown {
    return this.#result;
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

  #step(): void {
    switch (this.#next) {
      case "string":
        this.#continueString();
        return;
      case "first":
        this.#skipWhitespace();
        if (this.#text[this.#offset] === this.#level.end) this.#endLevel();
        else this.#expectEntry();
        return;
      case "separator":
        this.#separate();
        return;
      case "key":
        this.#skipWhitespace();
        this.#beginString(true);
        return;
      default:
        this.#skipWhitespace();
        this.#value();
    }
  }

  get #level(): Level {
    return this.#levels.at(-1) as Level;
  }

  #value(): void {
    if (this.#shape === "raw" && this.#raw === undefined) {
      this.#raw = { start: this.#offset, depth: this.#levels.length };
      this.#foreignWords = [];
    }
    const first = this.#text[this.#offset];
    if (first === "{") this.#beginLevel("}");
    else if (first === "[") this.#beginLevel("]");
    else if (first === '"') this.#beginString(false);
    else this.#add(this.#scalar(this.#shape === "text"));
  }

  #beginLevel(end: "}" | "]"): void {
    const shape = this.#raw === undefined ? this.#shape : undefined;
    if (end === "]" && typeof shape === "object" && "fields" in shape)
      this.#fail("Cannot deserialize an object from Array value");
    const depth = this.#levels.length + 1;
    if (depth > this.#maxDepth)
      throw new JsonDepthError(
        `Document nesting depth (${depth}) exceeds the maximum allowed (${this.#maxDepth}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`,
        this.#text,
        this.#offset,
      );
    const content = this.#raw === undefined ? emptyContent(end, shape) : undefined;
    this.#levels.push({ end, content, shape, key: "" });
    this.#offset += 1;
    this.#next = "first";
  }

  /** Expects a key, or an item of a list. */
  #expectEntry(): void {
    const { end, shape } = this.#level;
    if (end === "}") {
      this.#next = "key";
      return;
    }
    this.#shape = typeof shape === "object" && "items" in shape ? shape.items : undefined;
    this.#next = "value";
  }

  #separate(): void {
    this.#skipWhitespace();
    const { end } = this.#level;
    const character = this.#text[this.#offset];
    if (character === end) {
      this.#endLevel();
      return;
    }
    if (character !== ",") {
      this.#failExpecting(`comma to separate ${NAMES[end]} entries`, `expected close marker for ${NAMES[end]}`);
    }
    this.#offset += 1;
    this.#expectEntry();
  }

  #endLevel(): void {
    this.#offset += 1;
    const level = this.#levels.pop();
    this.#add(level?.content);
  }

  /** Reads the colon behind a key, and learns from the key which shape its value has. */
  #field(written: string): void {
    this.#skipWhitespace();
    if (this.#text[this.#offset] !== ":") this.#failExpecting("a colon to separate field name and value");
    this.#offset += 1;
    const level = this.#level;
    const { shape } = level;
    this.#next = "value";
    this.#shape = undefined;
    level.key = written;
    if (typeof shape !== "object") return;
    if ("values" in shape) this.#shape = shape.values;
    if (!("fields" in shape)) return;
    if (shape.anyCase === true) level.key = written.toLowerCase();
    if (Object.hasOwn(shape.fields, level.key)) this.#shape = shape.fields[level.key];
  }

  /** A value is complete: it becomes part of what is around it. */
  #add(read: unknown): void {
    let value = read;
    if (this.#raw?.depth === this.#levels.length) {
      value = new RawJson(this.#textFrom(this.#raw.start));
      this.#raw = undefined;
    }
    const level = this.#levels.at(-1);
    this.#next = level === undefined ? "nothing" : "separator";
    if (level === undefined) this.#result = value;
    else if (level.content instanceof Map) level.content.set(level.key, value);
    else if (Array.isArray(level.content)) level.content.push(value);
    else if (level.content !== undefined) setField(level.content, level.key, value);
  }

  /** The text up to here, with names in the place of numbers that JSON does not know. */
  #textFrom(start: number): string {
    let text = "";
    let from = start;
    for (const word of this.#foreignWords) {
      text += `${this.#text.slice(from, word.start)}"${word.value}"`;
      from = word.end;
    }
    return text + this.#text.slice(from, this.#offset);
  }

  #beginString(isKey: boolean): void {
    this.#stringStart = this.#offset;
    if (this.#text.charCodeAt(this.#offset) !== QUOTE) this.#failExpecting("double-quote to start field name");
    this.#offset += 1;
    this.#isEscaped = false;
    this.#isKey = isKey;
    this.#next = "string";
    this.#continueString();
  }

  #continueString(): void {
    if (!this.#scanString(this.#offset + STEP_LENGTH)) return;
    const isNeeded = this.#isKey ? this.#level.content !== undefined : this.#raw === undefined;
    const text = isNeeded ? this.#stringText() : "";
    if (this.#isKey) this.#field(text);
    else this.#add(text);
  }

  /**
   * Moves through a string, at most to `pause`.
   * @returns whether its end was reached
   */
  #scanString(pause: number): boolean {
    const text = this.#text;
    let offset = this.#offset;
    for (let code = text.charCodeAt(offset); code !== QUOTE; code = text.charCodeAt(offset)) {
      if (offset >= pause) {
        this.#offset = offset;
        return false;
      }
      if (offset >= text.length) this.#failAt(this.#stringStart, "Unexpected end-of-input in VALUE_STRING");
      if (code < SPACE) {
        const character = `Illegal unquoted character ((CTRL-CHAR, code ${code}))`;
        this.#failAt(
          this.#stringStart,
          `${character}: has to be escaped using backslash to be included in string value`,
        );
      }
      if (code === BACKSLASH) {
        this.#isEscaped = true;
        ESCAPE.lastIndex = offset;
        if (!ESCAPE.test(text)) this.#failAt(this.#stringStart, "Unrecognized character escape");
        offset = ESCAPE.lastIndex;
      } else {
        offset += 1;
      }
    }
    this.#offset = offset + 1;
    return true;
  }

  #stringText(): string {
    const start = this.#stringStart;
    if (this.#isEscaped) return JSON.parse(this.#text.slice(start, this.#offset)) as string;
    return this.#text.slice(start + 1, this.#offset - 1);
  }

  #skipWhitespace(): void {
    let code = this.#text.charCodeAt(this.#offset);
    while (code === SPACE || code === 10 || code === 13 || code === 9) {
      this.#offset += 1;
      code = this.#text.charCodeAt(this.#offset);
    }
  }

  /**
   * Reads a number or a word.
   * @param asText whether a number is returned as its letters
   */
  #scalar(asText: boolean): unknown {
    const number = this.#match(NUMBER);
    if (number !== "") return asText ? number : Number(number);
    const start = this.#offset;
    const word = this.#match(WORD);
    if (!this.#words.has(word)) this.#unexpected(word, start);
    const value = this.#words.get(word);
    if (typeof value !== "number") return value;
    if (this.#raw !== undefined) this.#foreignWords.push({ start, end: this.#offset, value });
    return asText ? word : value;
  }

  /** What Jackson calls the number, word or string here. */
  #scalarToken(): string {
    if (this.#text[this.#offset] === '"') {
      this.#stringStart = this.#offset;
      this.#offset += 1;
      this.#scanString(Number.POSITIVE_INFINITY);
      return "VALUE_STRING";
    }
    const value = this.#scalar(false);
    if (typeof value !== "number") return `VALUE_${String(value).toUpperCase()}`;
    return Number.isInteger(value) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  }

  #unexpected(word: string, start: number): never {
    this.#offset = start;
    if (word !== "") {
      this.#fail(`Unrecognized token '${word}': was expecting ${VALUES}`);
    }
    this.#failExpecting("a valid value (JSON String, Number, Array, Object or token)");
  }

  /**
   * @param wanted what should be here
   * @param missing what is missing at the end of the text
   */
  #failExpecting(wanted: string, missing?: string): never {
    const character = this.#text[this.#offset];
    if (character === undefined) this.#fail(`Unexpected end-of-input${missing === undefined ? "" : `: ${missing}`}`);
    this.#fail(`Unexpected character ('${character}' (code ${character.charCodeAt(0)})): was expecting ${wanted}`);
  }

  /** Moves past what the sticky pattern matches here; `""` when it matches nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const matched = pattern.exec(this.#text)?.[0] ?? "";
    this.#offset += matched.length;
    return matched;
  }

  #failAt(offset: number, reason: string): never {
    this.#offset = offset;
    this.#fail(reason);
  }

  #fail(reason: string): never {
    throw new JsonSyntaxError(reason, this.#text, this.#offset);
  }
}

function emptyContent(end: "}" | "]", shape: JsonShape): Level["content"] {
  if (end === "]") return [];
  return typeof shape === "object" && "values" in shape ? new Map<string, unknown>() : {};
}

/** Sets a field of its own, also one named `__proto__`. */
function setField(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}
