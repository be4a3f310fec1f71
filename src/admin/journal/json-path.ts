/** The steps to a value in JSON: names of fields and indexes of lists. */
export type JsonPath = ReadonlyArray<string | number>;

const STEP = /^(?:\.?([^.[\]]+)|\[(\d+)\])/;

/**
 * Reads a path to a value in JSON.
 * @param text `inputs.question`, `items[0].name`, also with `$.` before it; `$` is the whole
 * @returns `undefined` when the text is no path
 */
export function parsePath(text: string): JsonPath | undefined {
  let rest = text.replace(/^\$\.?/, "");
  if (text === "") return undefined;
  const path: Array<string | number> = [];
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (step === null) return undefined;
    path.push(step[1] ?? Number(step[2]));
    rest = rest.slice(step[0].length);
  }
  return path;
}

/** Returns the value at a path; `undefined` when there is none. */
export function valueAt(json: unknown, path: JsonPath): unknown {
  let value = json;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}
