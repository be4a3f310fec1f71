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

/** Writes JSON; `RawJson` as its own text, fields that are `undefined` or `null` left out. */
export function stringifyJson(value: unknown): string {
  let text = "";
  writeJson(value, (piece) => {
    text += piece;
  });
  return text;
}

/** Like `stringifyJson`, in pieces: the text of `RawJson`, which may be long, is a piece of its own. */
export function writeJson(value: unknown, write: (piece: string) => void): void {
  if (value instanceof RawJson) write(value.text);
  else if (value === undefined) write("null");
  else if (value === null || typeof value !== "object") write(JSON.stringify(value));
  else if (isList(value)) writeList(value, write);
  else writeFields(value instanceof Map ? value : Object.entries(value), write);
}

function writeList(list: Iterable<unknown>, write: (piece: string) => void): void {
  let before = "[";
  for (const item of list) {
    write(before);
    writeJson(item, write);
    before = ",";
  }
  write(before === "[" ? "[]" : "]");
}

function writeFields(fields: Iterable<[unknown, unknown]>, write: (piece: string) => void): void {
  let before = "{";
  for (const [key, field] of fields) {
    if (field === undefined || field === null) continue;
    write(`${before}${JSON.stringify(key)}:`);
    writeJson(field, write);
    before = ",";
  }
  write(before === "{" ? "{}" : "}");
}
