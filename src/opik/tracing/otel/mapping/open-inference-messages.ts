import { RawJson } from "../../../../core/json.ts";
import { jsonIn } from "./values.ts";

/** An object that is put together from attributes: values, objects and lists by name. */
export type Built = Map<string, RawJson | Built | IndexedObjects>;

/** Objects of a list, each known by its place there, which the names of attributes have. */
export class IndexedObjects {
  readonly #objects = new Map<number, Built>();

  /**
   * Changes the object at a place, which is made when there is none.
   * @param change returns whether it has changed it
   * @returns what `change` returns; `false` for a place that is no number
   */
  change(place: string, change: (object: Built) => boolean): boolean {
    if (!/^\d{1,9}$/.test(place)) return false;
    const object = this.#objects.get(Number(place)) ?? new Map();
    this.#objects.set(Number(place), object);
    return change(object);
  }

  /** The objects that have fields, in the order of their places. */
  list(): JsonObject[] {
    const ordered = [...this.#objects].toSorted(([one], [other]) => one - other);
    return ordered.map(([, object]) => plain(object)).filter(({ size }) => size > 0);
  }
}

type JsonObject = Map<string, unknown>;

const FIELDS: ReadonlySet<string> = new Set(["role", "content", "name", "tool_call_id"]);
const CONTENT = /^message_content\.(type|text|id|signature|data|encrypted_content)$/;
const IMAGE = /^message_content\.image\.image\.(url)$/;
const AUDIO = /^message_content\.audio\.audio\.(url|mime_type|transcript)$/;
const CALL = /^(?:(id|reasoning_signature)|function\.(name|arguments))$/;
const INDEXED = /^(contents|tool_calls)\.([^.]+)\.(.+)$/;

/**
 * Adds what an attribute says of a message.
 * @param path what follows `message.` in the name of the attribute
 * @param text the value of the attribute, if it is a text
 * @returns whether it is known
 */
export function readMessagePart(message: Built, path: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (FIELDS.has(path)) return set(message, path, RawJson.of(text));
  if (path === "function_call_name") return set(inner(message, "function_call"), "name", RawJson.of(text));
  if (path === "function_call_arguments_json") {
    const json = jsonIn(text);
    return json !== undefined && set(inner(message, "function_call"), "arguments", json);
  }
  const [, list, place = "", rest = ""] = INDEXED.exec(path) ?? [];
  if (list === "contents")
    return listIn(message, list).change(place, (content) => readContentPart(content, rest, text));
  if (list === "tool_calls" && rest.startsWith("tool_call."))
    return listIn(message, list).change(place, (call) => readCallPart(call, rest.slice("tool_call.".length), text));
  return false;
}

function readContentPart(content: Built, path: string, text: string): boolean {
  const [, field] = CONTENT.exec(path) ?? [];
  if (field !== undefined) return set(content, field, RawJson.of(text));
  const [, ofImage] = IMAGE.exec(path) ?? [];
  if (ofImage !== undefined) return set(inner(content, "image"), ofImage, RawJson.of(text));
  const [, ofAudio] = AUDIO.exec(path) ?? [];
  if (ofAudio !== undefined) return set(inner(content, "audio"), ofAudio, RawJson.of(text));
  if (!path.startsWith("tool_call.")) return false;
  return readCallPart(inner(content, "tool_call"), path.slice("tool_call.".length), text);
}

function readCallPart(call: Built, path: string, text: string): boolean {
  const [, own, ofFunction] = CALL.exec(path) ?? [];
  if (own !== undefined) return set(call, own, RawJson.of(text));
  return ofFunction !== undefined && set(inner(call, "function"), ofFunction, RawJson.of(text));
}

function set(object: Built, name: string, value: RawJson): true {
  object.set(name, value);
  return true;
}

/** The object under a name, which is made when there is none. */
function inner(object: Built, name: string): Built {
  const existing = object.get(name);
  if (existing instanceof Map) return existing;
  const made: Built = new Map();
  object.set(name, made);
  return made;
}

/** The list under a name, which is made when there is none. */
function listIn(object: Built, name: string): IndexedObjects {
  const existing = object.get(name);
  if (existing instanceof IndexedObjects) return existing;
  const made = new IndexedObjects();
  object.set(name, made);
  return made;
}

/** An object as it is written: without parts that are empty. */
function plain(object: Built): JsonObject {
  const fields = [...object].map(([name, value]): [string, unknown] => {
    if (value instanceof Map) return [name, plain(value)];
    return [name, value instanceof IndexedObjects ? value.list() : value];
  });
  return new Map(fields.filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return (value instanceof Map && value.size === 0) || (Array.isArray(value) && value.length === 0);
}
