import { JsonSyntaxError, parseJson, rawFields, RawJson } from "../../../../core/json.ts";
import { doubleOf } from "../../../wire/numbers.ts";
import { COST_LIMIT } from "../../spans/cost.ts";
import type { OtelAttribute, OtelValue } from "../request.ts";

/** JSON values by name. */
export type JsonFields = Map<string, RawJson>;

/** A value as JSON; the real server drops those that are no texts inside of lists [opik 7.16]. */
export function toJson(value: OtelValue): RawJson {
  if (value.string_value !== undefined) return RawJson.of(value.string_value);
  if (value.bool_value !== undefined) return RawJson.of(value.bool_value);
  if (value.int_value !== undefined) return new RawJson(value.int_value);
  if (value.double_value !== undefined) return doubleOf(value.double_value);
  if (value.array_value !== undefined) return RawJson.of(value.array_value.values.map(toJson));
  if (value.kvlist_value !== undefined) return RawJson.of(fieldsOf(value.kvlist_value.values, toJson));
  if (value.bytes_value !== undefined) return RawJson.of(Buffer.from(value.bytes_value).toString("base64"));
  return new RawJson("null");
}

/** A value as JSON; text that holds JSON is read. */
export function toReadJson(value: OtelValue): RawJson {
  const text = value.string_value;
  if (text === undefined || !/^["[{]/.test(text)) return toJson(value);
  const json = jsonIn(text);
  if (json === undefined || !json.text.startsWith('"')) return json ?? RawJson.of(text);
  return jsonIn(String(json.parse())) ?? json;
}

/** Attributes as the fields of an object. */
export function fieldsOf(attributes: readonly OtelAttribute[], convert: (value: OtelValue) => RawJson): JsonFields {
  return new Map(attributes.map(({ key = "", value = {} }) => [key, convert(value)]));
}

/** The JSON value that a text holds; nothing when it holds none, or more than one. */
export function jsonIn(text: string): RawJson | undefined {
  try {
    const value = parseJson(text, "raw");
    return value instanceof RawJson ? value : undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** The fields of a text that holds a JSON object. */
export function jsonFieldsIn(text: string): JsonFields | undefined {
  const json = jsonIn(text);
  const object = json?.text.startsWith('"') ? jsonIn(String(json.parse())) : json;
  return object?.isObject ? rawFields(object.text) : undefined;
}

/** Tags: a list of texts, a text that holds a JSON list of them, or texts separated by commas. */
export function tagsIn(value: OtelValue): string[] {
  const tags = value.array_value?.values.map((item) => item.string_value ?? "") ?? textTags(value.string_value ?? "");
  return tags.map((tag) => tag.trim()).filter((tag) => tag !== "");
}

function textTags(text: string): string[] {
  const list: unknown = text.startsWith("[") && text.endsWith("]") ? jsonIn(text)?.parse() : undefined;
  if (!Array.isArray(list)) return text.split(",");
  return list.filter((item) => typeof item === "string");
}

/** A cost in US dollars: a number, or a text that is one; nothing when no span can have it. */
export function costIn(value: OtelValue): number | undefined {
  const text = value.string_value?.trim() ?? value.int_value ?? value.double_value;
  const cost = text === undefined || text === "" ? Number.NaN : Number(text);
  return cost >= 0 && cost < COST_LIMIT ? cost : undefined;
}
