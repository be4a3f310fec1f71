import { isJson, rawFields, RawJson } from "../core/json.ts";
import { CommandError, EXIT } from "./failures.ts";

/**
 * Reads `text=hello count=3 options={"deep":true}` as an object. A value that is a JSON number, `true`, `false`, `null`,
 * a list, an object or a quoted text is taken as it is written (`1.0` stays `1.0`), any other value is a text.
 * @param json the whole object as JSON, whose fields the words replace
 * @returns `undefined` when there is neither
 * @throws CommandError for a word without `=`, or JSON that is not valid
 */
export function readFields(words: readonly string[], json?: unknown): RawJson | undefined {
  if (typeof json === "string" && words.length === 0) return readJson(json, json);
  if (words.length === 0) return undefined;
  const fields = new Map<string, unknown>();
  if (typeof json === "string") {
    const given = readJson(json, json);
    if (!given.isObject)
      throw new CommandError(`${json} is not an object, so that key=value cannot be added.`, EXIT.usage);
    const entries = rawFields(json);
    for (const [name, value] of entries) fields.set(name, value);
  }
  for (const word of words) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined)
      throw new CommandError(`"${word}" should be key=value, such as text=hello.`, EXIT.usage);
    fields.set(name, /^(?:[[{"-]|\d|true$|false$|null$)/.test(value) && isJson(value) ? new RawJson(value) : value);
  }
  return RawJson.of(fields);
}

/** The first word. @throws CommandError with the question when there is none */
export function needWord([first]: readonly string[], question: string): string {
  if (first === undefined) throw new CommandError(question, EXIT.usage);
  return first;
}

function readJson(text: string, shown: string): RawJson {
  if (!isJson(text)) throw new CommandError(`${shown} is not JSON.`, EXIT.usage);
  return new RawJson(text);
}
