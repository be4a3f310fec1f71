import * as v from "valibot";
import { isLater, printTimestamp, readSeconds, readTimestamp } from "../../core/timestamps.ts";
import { jsonValue, type Schema } from "../../http/schema.ts";
import { textSet } from "../wire/text-set.ts";
import { constrained, eachConstrained, isBlank, list, optional, string } from "../wire/values.ts";

/*
 * The values of traces and spans that no other resource has.
 */

/** The first point in time that the real server takes, as it prints it. */
const FIRST_TIME = "1970-01-01T00:00:00.000000Z";

/** The end of ClickHouse's times with nine digits of the second, and of those with six. */
const END_OF_NANOSECONDS = "2262-04-11T23:47:16.000000000Z";
const END_OF_MICROSECONDS = "2300-01-01T00:00:00.000000Z";

/**
 * A point in time, in UTC with the precision it was given in: ISO 8601, or seconds since the epoch. Blank text is no
 * value at all [opik 7.4].
 */
export const instant = jsonValue<string | null>({ type: "string", format: "date-time" }, (input) => {
  if (typeof input === "string" && isBlank(input)) return null;
  const isText = typeof input === "string" || typeof input === "number";
  const time = isText ? (readTimestamp(String(input)) ?? readSeconds(String(input))) : undefined;
  if (time !== undefined) return time;
  throw new Error(`Cannot deserialize value of type \`java.time.Instant\` from ${JSON.stringify(input)}`);
});

/** A point in time that the real server can store. */
function timestamp(end: string): Schema<string | null> {
  const [first, last] = [printTimestamp(FIRST_TIME), printTimestamp(end)];
  return constrained(
    instant,
    (time) => !isLater(first, time) && isLater(last, time),
    `must be after or equal ${FIRST_TIME} and before ${end}`,
  );
}

/** When a record began or ended. */
export const recordTime = timestamp(END_OF_NANOSECONDS);

/** When a record was changed. */
export const changeTime = timestamp(END_OF_MICROSECONDS);

/** Text that is the same as absent when it is blank [opik 7.3]. */
export const textOrBlank = v.pipe(
  optional(string()),
  v.transform((text) => (text === undefined || isBlank(text) ? undefined : text)),
);

/** A set of texts. */
export const tags: Schema<string[] | undefined> = textSet(optional(list(string())));

/** The most tags that a record may have by updates, and how long one may be [opik 7.2]. */
export const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 100;

/** A set of tags in an update, with the texts of its errors [opik 7.4]. */
function limitedTags(tooMany: string): Schema<string[] | undefined> {
  const few = constrained(tags, ({ length }) => length <= MAX_TAGS, tooMany);
  const tooLong = `Tag cannot exceed ${MAX_TAG_LENGTH} characters`;
  const short = eachConstrained(few, ({ length }) => length <= MAX_TAG_LENGTH, tooLong);
  return eachConstrained(short, (tag) => !isBlank(tag), "Tag must not be blank");
}

/** How an update changes the tags: all of them, or some, which only an update of several records does. */
export const tagChanges = {
  tags: limitedTags(`Cannot have more than ${MAX_TAGS} tags`),
  tags_to_add: limitedTags(`Cannot have more than ${MAX_TAGS} tags to add`),
  tags_to_remove: limitedTags(`Cannot have more than ${MAX_TAGS} tags to remove`),
};
