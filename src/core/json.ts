import { JsonReader, type JsonShape, type JsonWords } from "./json-reader.ts";
import type { RawJson } from "./raw-json.ts";
import { inSlices, nextTurn } from "./slices.ts";

export type { JsonShape } from "./json-reader.ts";
export { JsonDepthError, JsonSyntaxError } from "./json-syntax-error.ts";
export { RawJson, stringifyJson } from "./raw-json.ts";

/**
 * The limit of levels of objects and lists in each other that are read anywhere: in bodies, fixtures and exports, so that
 * what was accepted can be exported and loaded again. The real servers read 1,000 (Opik) and 10,000 (executor runs);
 * YAML's reader needs too much of the stack for that.
 */
export const MAX_JSON_DEPTH = 500;

/**
 * Reads JSON as Opik's server does: `NaN` and infinities are numbers, the last of several equal keys wins. In raw
 * parts `NaN` and infinities become strings, as the server returns them.
 * @param maxDepth the limit of levels of objects and lists in each other
 * @throws JsonSyntaxError also when anything but white space follows the value, and for a list where the shape names
 *   the fields of an object: to JavaScript it would be one
 */
export function parseJson(text: string, shape?: JsonShape, maxDepth: number = MAX_JSON_DEPTH): unknown {
  const reader = new JsonReader(text, shape, WORDS, maxDepth);
  reader.advance(text.length + 1);
  reader.end();
  return reader.result;
}

/**
 * Reads an object, whose values stay text; of equal keys the last one counts.
 * @param text valid JSON
 */
export function rawFields(text: string, maxDepth?: number): Map<string, RawJson> {
  return parseJson(text, { values: "raw" }, maxDepth) as Map<string, RawJson>;
}

/**
 * Reads a list, whose items stay text.
 * @param text valid JSON
 */
export function rawItems(text: string, maxDepth?: number): RawJson[] {
  return parseJson(text, { items: "raw" }, maxDepth) as RawJson[];
}

/**
 * Reads JSON as Go's decoder does: like `parseJson`, but `NaN` and infinities are no numbers, and what follows the
 * value is ignored.
 * @throws JsonSyntaxError
 */
export function parseStrictJson(text: string, shape?: JsonShape): unknown {
  const reader = new JsonReader(text, shape, STRICT_WORDS, MAX_JSON_DEPTH);
  reader.advance(text.length + 1);
  return reader.result;
}

/** A shorter text is read in one slice, which takes a few milliseconds. */
const CHARACTERS_OF_SLICE = 256 * 1024;

/**
 * Like `parseJson`, in slices, between which other requests are answered. It rejects with what `parseJson` throws.
 */
export async function parseJsonInSlices(text: string, shape?: JsonShape): Promise<unknown> {
  const reader = new JsonReader(text, shape, WORDS, MAX_JSON_DEPTH);
  if (!reader.advance(CHARACTERS_OF_SLICE)) await readRest(reader);
  reader.end();
  return reader.result;
}

/** Like `parseStrictJson`, in slices, between which other requests are answered. */
export async function parseStrictJsonInSlices(text: string, shape?: JsonShape): Promise<unknown> {
  const reader = new JsonReader(text, shape, STRICT_WORDS, MAX_JSON_DEPTH);
  if (!reader.advance(CHARACTERS_OF_SLICE)) await readRest(reader);
  return reader.result;
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function readRest(reader: JsonReader): Promise<void> {
  await nextTurn();
  await inSlices(() => !reader.advance(CHARACTERS_OF_SLICE));
}

const STRICT_WORDS: JsonWords = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const WORDS: JsonWords = new Map<string, unknown>([
  ...STRICT_WORDS,
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["+Infinity", Number.POSITIVE_INFINITY],
  ["+INF", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-INF", Number.NEGATIVE_INFINITY],
]);
