import * as v from "valibot";

/** A text with its explanation for models. */
export function text(description: string): v.GenericSchema<string, string> {
  return v.pipe(v.string(), v.nonEmpty("must not be empty"), v.description(description));
}

/** Any JSON object with its explanation for models. */
export function object(description: string): v.GenericSchema<Record<string, unknown>, Record<string, unknown>> {
  return v.pipe(v.record(v.string(), v.unknown()), v.description(description));
}

/** The number of entries of a list, from 1 to 100. */
export const limit = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100), v.description("How many, newest first; default 20")),
  20,
);

/** Seconds that a tool waits for an end. */
export const waitSeconds = v.optional(
  v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(600),
    v.description("Seconds of real time to wait for the end; 0 returns at once; default 60"),
  ),
  60,
);

/** The name of a project of Opik's. */
export const project = v.optional(text("Name of the project; default all"));
