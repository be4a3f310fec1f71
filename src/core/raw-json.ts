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

/** The length from which the text of `RawJson` is a piece of its own: shorter ones are copied in no time. */
const LONG_TEXT = 65_536;

/** Writes JSON; `RawJson` as its own text, fields that are `undefined` or `null` left out. */
export function stringifyJson(value: unknown): string {
  return append("", value);
}

/** Like `stringifyJson`, in pieces: the text of a long `RawJson` is a piece of its own, which is not copied. */
export function writeJson(value: unknown, write: (piece: string) => void): void {
  write(append("", value, write));
}

/**
 * Appends a value to a text.
 * @param write takes the text as far as it is written when there is a long piece
 * @returns the text that is not given to `write` yet
 */
function append(text: string, value: unknown, write?: (piece: string) => void): string {
  if (value === undefined || value === null) return `${text}null`;
  if (typeof value === "number" && Number.isFinite(value)) return `${text}${Object.is(value, -0) ? 0 : value}`;
  if (typeof value === "boolean") return `${text}${value}`;
  if (typeof value !== "object") return text + JSON.stringify(value);
  if (value instanceof RawJson) {
    if (write === undefined || value.text.length < LONG_TEXT) return text + value.text;
    write(text);
    write(value.text);
    return "";
  }
  if (isList(value)) return appendList(text, value, write);
  return value instanceof Map ? appendMap(text, value, write) : appendFields(text, value, write);
}

function appendList(start: string, list: Iterable<unknown>, write?: (piece: string) => void): string {
  let text = start;
  let before = "[";
  for (const item of list) {
    text = append(text + before, item, write);
    before = ",";
  }
  return text + (before === "[" ? "[]" : "]");
}

function appendMap(start: string, fields: ReadonlyMap<unknown, unknown>, write?: (piece: string) => void): string {
  let text = start;
  let before = "{";
  for (const [key, field] of fields) {
    if (field === undefined || field === null) continue;
    text = append(`${text}${before}${JSON.stringify(key)}:`, field, write);
    before = ",";
  }
  return text + (before === "{" ? "{}" : "}");
}

/** The limit of names that are kept as JSON. */
const MAX_NAMES = 2_000;

/** The names of fields as JSON: answers have the same ones again and again. */
const names = new Map<string, string>();

function nameOf(field: string): string {
  const known = names.get(field);
  if (known !== undefined) return known;
  const name = JSON.stringify(field);
  if (names.size < MAX_NAMES) names.set(field, name);
  return name;
}

function appendFields(start: string, fields: object, write?: (piece: string) => void): string {
  let text = start;
  let before = "{";
  for (const key of Object.keys(fields)) {
    const field: unknown = fields[key as keyof typeof fields];
    if (field === undefined || field === null) continue;
    text = append(`${text}${before}${nameOf(key)}:`, field, write);
    before = ",";
  }
  return text + (before === "{" ? "{}" : "}");
}
