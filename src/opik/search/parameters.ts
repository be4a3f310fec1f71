import { parseTimestamp, readTimestamp } from "../../core/timestamps.ts";
import { OpikError } from "../wire/errors.ts";
import { type Parameter, readList } from "../wire/parameters.ts";

/** The query parameter `exclude`: names of fields that are left out of the answer, as a JSON list. */
export function queryExclude(names: readonly string[]): Parameter<ReadonlySet<string>> {
  return {
    schema: { type: "string" },
    required: false,
    read: (text) => {
      const excluded = text ? readList(text) : [];
      if (excluded?.every((name) => typeof name === "string" && names.includes(name)))
        return new Set(excluded.map(String));
      throw OpikError.message(400, `Invalid query param exclude '${text}'`);
    },
  };
}

/** A point in time in the query, in UTC; empty is absent. */
export const queryInstant: Parameter<string | undefined> = {
  schema: { type: "string", format: "date-time" },
  required: false,
  read: (text, name) => {
    if (!text) return undefined;
    const time = readTimestamp(text);
    if (time === undefined) throw OpikError.message(400, `Invalid query param ${name} '${text}'`);
    return time;
  },
};

/** A span of time, as ISO 8601 in UTC. */
export interface TimeRange {
  from_time?: string | undefined;
  to_time?: string | undefined;
}

/**
 * The bounds of a span of time in milliseconds since the epoch.
 * @throws OpikError 400 when it ends before it begins
 */
export function boundsOf({ from_time, to_time }: TimeRange): { from: number | undefined; to: number | undefined } {
  const [from, to] = [from_time, to_time].map((time) => (time === undefined ? undefined : parseTimestamp(time)));
  if (from !== undefined && to !== undefined && from >= to) {
    throw OpikError.message(400, "Parameter 'from_time' must be before 'to_time'");
  }
  return { from, to };
}
