import { rawFields, rawItems, type RawJson } from "../../../../core/json.ts";

/** A part of a path: a field by its name, or elements of a list, or everything in a list or object. */
type Step =
  | { name: string }
  | { indexes: readonly number[] }
  | { from: number | undefined; to: number | undefined }
  | "all";

/** A path that was read: from the outermost value to the innermost. */
export type JsonPath = readonly Step[];

const NUMBER = String.raw`\s*(-?\d+)\s*`;

/** The forms of a part, each with what it means. A dot before a bracket is allowed. */
const FORMS: ReadonlyArray<readonly [form: RegExp, toStep: (...parts: Array<string | undefined>) => Step]> = [
  [/(?:\.\*|\.?\[\s*\*\s*\])/y, () => "all"],
  [/\.([^.[\s()]+)/y, (name = "") => ({ name })],
  [/\.?\[\s*'((?:[^'\\]|\\.)*)'\s*\]/y, (name = "") => ({ name: unescaped(name) })],
  [/\.?\[\s*"((?:[^"\\]|\\.)*)"\s*\]/y, (name = "") => ({ name: unescaped(name) })],
  [/\.?\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y, (list = "") => ({ indexes: list.split(",").map(Number) })],
  [
    new RegExp(String.raw`\.?\[(?:${NUMBER})?\s*:\s*(?:${NUMBER})?\]`, "y"),
    (from, to) => ({ from: numberOf(from), to: numberOf(to) }),
  ],
];

/** What the real server does not follow, because it may visit everything. */
const UNBOUNDED = ["..", "[?("];

/**
 * What a path has that the real server refuses: a search of all levels, or a condition.
 * @param path as a client writes it: `input.question`, `$.output['answer']`, `[0]`
 */
export function unboundedPart(path: string): string | undefined {
  return UNBOUNDED.find((part) => rooted(path).includes(part));
}

/**
 * Reads a path: `.name`, `['name']`, `[0]`, `[-1]`, `[0,2]`, `[1:3]`, `.*` and `[*]`, with `$` before it or not [opik 10.6].
 * @throws SyntaxError
 */
export function readPath(path: string): JsonPath {
  const text = rooted(path);
  const steps: Step[] = [];
  let offset = 1;
  while (offset < text.length) {
    const { step, end } = readStep(text, offset);
    steps.push(step);
    offset = end;
  }
  return steps;
}

/**
 * The value at a path, to the letter; all values in a list when the path can lead to several.
 * @returns `undefined` when there is none, and for `null` and empty lists
 */
export function valueAt(value: RawJson, path: JsonPath): RawJson | RawJson[] | undefined {
  let values = [value];
  for (const step of path) values = values.flatMap((each) => valuesAt(each, step));
  if (!path.every(isDefinite)) return values.length === 0 ? undefined : values;
  const [only] = values;
  return only === undefined || only.isNull || isEmptyList(only) ? undefined : only;
}

function rooted(path: string): string {
  if (path.startsWith("$")) return path;
  return path.startsWith("[") ? `$${path}` : `$.${path}`;
}

function readStep(text: string, offset: number): { step: Step; end: number } {
  for (const [form, toStep] of FORMS) {
    form.lastIndex = offset;
    const found = form.exec(text);
    if (found !== null) return { step: toStep(...found.slice(1)), end: form.lastIndex };
  }
  throw new SyntaxError(`the path "${text}" cannot be read from character ${offset + 1}`);
}

function unescaped(name: string): string {
  return name.replaceAll(/\\(.)/g, "$1");
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function isDefinite(step: Step): boolean {
  return step !== "all" && ("name" in step || ("indexes" in step && step.indexes.length === 1));
}

function valuesAt(value: RawJson, step: Step): RawJson[] {
  if (step === "all") return value.isObject ? [...fieldsOf(value).values()] : elementsOf(value);
  if ("name" in step) return present([fieldsOf(value).get(step.name)]);
  const elements = elementsOf(value);
  // An element that is named twice is there once, so that a path has no more values than the record.
  if ("indexes" in step) return present([...new Set(step.indexes.map((index) => elements.at(index)))]);
  return elements.slice(step.from, step.to);
}

function present(values: ReadonlyArray<RawJson | undefined>): RawJson[] {
  return values.filter((value) => value !== undefined);
}

function fieldsOf(value: RawJson): ReadonlyMap<string, RawJson> {
  return value.isObject ? rawFields(value.text) : new Map();
}

function elementsOf(value: RawJson): RawJson[] {
  return value.text.startsWith("[") ? rawItems(value.text) : [];
}

function isEmptyList(value: RawJson): boolean {
  return value.text.startsWith("[") && elementsOf(value).length === 0;
}
