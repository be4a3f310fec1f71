import { isUuid } from "../../core/ids.ts";
import type { Parameter as HttpParameter } from "../../http/endpoint.ts";
import { OpikError } from "./errors.ts";
import { parseJavaInteger } from "./java-integers.ts";
import { findLoosely, isBlank, isInt32, upperCased } from "./values.ts";

/** A path or query parameter; of several values sent the first is read, `undefined` when there is none. */
export interface Parameter<Value> extends HttpParameter<Value, string | undefined> {
  /** Says which constraint a value breaks; asked after all parameters are read [opik 1.1]. */
  violation?(value: Value): string | undefined;
}

/** What the real server answers to a parameter of the wrong form: as if the route did not exist [opik 1.5]. */
function noSuchRoute(): OpikError {
  return OpikError.message(404, "HTTP 404 Not Found");
}

/** The real server reads ids as Java's `UUID.fromString` does: five groups of any length, 36 characters at most. */
const LENIENT_UUID = /^(?=.{1,36}$)([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)$/i;
const GROUP_WIDTHS = [8, 4, 4, 4, 12] as const;

/** Short groups are filled up with zeros, of long ones only the end counts. */
function readUuid(text: string): string {
  if (isUuid(text)) return text;
  const groups = LENIENT_UUID.exec(text)?.slice(1);
  if (groups === undefined) throw noSuchRoute();
  return GROUP_WIDTHS.map((width, index) => (groups[index] ?? "").slice(-width).padStart(width, "0"))
    .join("-")
    .toLowerCase();
}

/** A UUID in the path. */
export const pathUuid: Parameter<string> = {
  schema: { type: "string", format: "uuid" },
  required: true,
  read: (text) => readUuid(text ?? ""),
};

/** Any text in the path. */
export const pathText: Parameter<string> = { schema: { type: "string" }, required: true, read: (text) => text ?? "" };

/** A UUID in the query; empty is absent. */
export const queryUuid: Parameter<string | undefined> = {
  schema: { type: "string", format: "uuid" },
  required: false,
  read: (text) => (text ? readUuid(text) : undefined),
};

/** A UUID in the query that must be there. */
export const requiredQueryUuid: Parameter<string> = {
  schema: { type: "string", format: "uuid" },
  required: true,
  read: (text) => (text ? readUuid(text) : ""),
  violation: (value) => (value === "" ? "must not be null" : undefined),
};

/** Text in the query that must be there. */
export const requiredQueryText: Parameter<string> = {
  schema: { type: "string" },
  required: true,
  read: (text) => text ?? "",
  violation: (value) => (isBlank(value) ? "must not be blank" : undefined),
};

/** Creates a parameter that must be there. */
export function requiredQuery<Value>(parameter: Parameter<Value | undefined>): Parameter<Value> {
  return {
    schema: parameter.schema,
    required: true,
    read: (text, name) => {
      const value = parameter.read(text, name);
      if (value === undefined) throw OpikError.errors(400, `query param ${name} must not be null`);
      return value;
    },
  };
}

/** A whole number in the query; blank is the default. */
export function queryInteger(fallback: number, minimum: number): Parameter<number> {
  return {
    schema: { type: "integer", format: "int32", ...(Number.isFinite(minimum) ? { minimum } : {}), default: fallback },
    required: false,
    read: (text) => {
      if (!text || isBlank(text)) return fallback;
      const value = parseJavaInteger(text);
      if (value === undefined || !isInt32(value)) throw noSuchRoute();
      return value;
    },
    violation: (value) => (value < minimum ? `must be greater than or equal to ${minimum}` : undefined),
  };
}

/** A whole number in the query without bounds; blank is the default. */
export function queryAnyInteger(fallback: number): Parameter<number> {
  return queryInteger(fallback, Number.NEGATIVE_INFINITY);
}

/**
 * Most rows that one page of a list has, because all of them are read and written at once. The real server has no such
 * limit; a page's own `size` says what it was cut to.
 */
export const MOST_ROWS_OF_PAGE = 1_000;

/**
 * The size of a page; empty is the default.
 * @param most the limit of rows
 */
export function queryPageSize(fallback: number, most: number = MOST_ROWS_OF_PAGE): Parameter<number> {
  const size = queryInteger(fallback, 1);
  return { ...size, read: (text, name) => Math.min(size.read(text, name), most) };
}

/** `true` in any case is true, everything else is false, never an error. */
export const queryBoolean: Parameter<boolean> = {
  schema: { type: "boolean", default: false },
  required: false,
  read: (text) => text?.toLowerCase() === "true",
};

/** A JSON list of UUIDs in the query; empty is absent. */
export const queryIds: Parameter<string[] | undefined> = {
  schema: { type: "string" },
  required: false,
  read: (text) => {
    if (!text) return undefined;
    const ids = readList(text);
    if (ids?.every((id) => typeof id === "string" && isUuid(id.toLowerCase()))) {
      return ids.map((id) => String(id).toLowerCase());
    }
    throw OpikError.message(400, `Invalid query param ids '${text}'`);
  },
};

/** The list that a text is as JSON; `undefined` when it is none. */
export function readList(text: string): unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Free text in the query; empty is absent. */
export const queryText: Parameter<string | undefined> = {
  schema: { type: "string" },
  required: false,
  read: (text) => text || undefined,
};

/** Texts as a JSON list in the query; empty is absent. */
export const queryTexts: Parameter<string[] | undefined> = {
  schema: { type: "string" },
  required: false,
  read: (text, name) => (text ? textsOf(text, name) : undefined),
};

function textsOf(text: string, name: string): string[] {
  const list = readList(text);
  if (!list?.every(isScalar)) throw OpikError.message(400, `Invalid query param ${name} '${text}'`);
  return list.map(String);
}

/** Whether a JSON value has a text of its own: it is no object and no list, whose fields can make `String` fail. */
export function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/**
 * One of `choices`, read as loosely as the real server does; empty is absent.
 * @param otherwise what the error says of anything else
 */
export function queryChoice<const Choice extends string>(
  choices: readonly Choice[],
  otherwise = `must be one of [${upperCased(choices)}]`,
): Parameter<Choice | undefined> {
  return {
    schema: { type: "string", enum: choices },
    required: false,
    read: (text, name) => {
      if (!text) return undefined;
      const found = findLoosely(choices, text);
      if (found === undefined) throw OpikError.message(400, `query param ${name} ${otherwise}`);
      return found;
    },
  };
}
