import type { Parameter as HttpParameter } from "../../http/endpoint.ts";
import { StraitError } from "./errors.ts";
import { type Cursor, readCursor } from "./paging.ts";
import { parseTime } from "./time.ts";

/** A path or query parameter, read of all values sent, decoded, in order; none when it is absent. */
export type Parameter<Value> = HttpParameter<Value, readonly string[]>;

/** Free text in the path; percent-encoded characters are decoded, whichever they are. */
export const pathText: Parameter<string> = {
  schema: { type: "string" },
  required: true,
  read: (texts) => texts[0] ?? "",
};

/** Free text in the query; empty is absent. */
export const queryText: Parameter<string | undefined> = {
  schema: { type: "string" },
  required: false,
  read: (texts) => texts[0] || undefined,
};

/** All values of a parameter that may be repeated; a comma does not divide them. */
export const queryTexts: Parameter<readonly string[]> = {
  schema: { type: "string" },
  required: false,
  read: (texts) => texts.filter((text) => text !== ""),
};

/** One of `choices`; empty is absent. Anything else is a 400 `<name> is invalid`. */
export function queryChoice<const Choice extends string>(choices: readonly Choice[]): Parameter<Choice | undefined> {
  return {
    schema: { type: "string", enum: choices },
    required: false,
    read: (texts, name) => {
      if (!texts[0]) return undefined;
      const found = choices.find((choice) => choice === texts[0]);
      if (found === undefined) throw new StraitError(400, `${name} is invalid`);
      return found;
    },
  };
}

/**
 * A page's length: more than `most` is cut to it [strait 0.6].
 * @param mistake how the real server words a bad one
 */
export function queryLimit(fallback = 50, most = 100, mistake = "limit must be a positive integer"): Parameter<number> {
  return {
    schema: { type: "integer", minimum: 1, maximum: most, default: fallback },
    required: false,
    read: (texts) => {
      if (!texts[0]) return fallback;
      const limit = Number(texts[0]);
      if (!/^[+-]?\d+$/.test(texts[0]) || limit <= 0) throw new StraitError(400, mistake);
      return Math.min(limit, most);
    },
  };
}

/**
 * Where a page begins; `mistake` is how the real server words a bad one, which differs from list to list [strait 0.6].
 */
export function queryCursor(mistake = "invalid cursor format"): Parameter<Cursor | undefined> {
  return {
    schema: { type: "string" },
    required: false,
    read: (texts) => {
      if (!texts[0]) return undefined;
      const cursor = readCursor(texts[0]);
      if (cursor === undefined) throw new StraitError(400, mistake);
      return cursor;
    },
  };
}

/** A time in the query; empty is absent. */
export const queryTime: Parameter<number | undefined> = {
  schema: { type: "string", format: "date-time" },
  required: false,
  read: (texts, name) => {
    if (!texts[0]) return undefined;
    const time = parseTime(texts[0]);
    if (time === undefined) throw new StraitError(400, `invalid ${name} param: must be RFC3339`);
    return time;
  },
};
