import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";

/** A `java.util.HashSet` begins with as many buckets, and doubles them when it is fuller than this. */
const FIRST_BUCKETS = 16;
const FULL = 0.75;

/** Texts of which each counts once, in the order in which the real server prints them [opik 1.4]. */
export function textSet(schema: Schema<string[] | undefined>): Schema<string[] | undefined> {
  return v.pipe(
    schema,
    v.transform((given) => given && inSetOrder(given)),
  );
}

/** Each of the texts once, in the order in which a `java.util.HashSet` of them is read. */
export function inSetOrder(texts: Iterable<string>): string[] {
  const distinct = [...new Set(texts)];
  let buckets = FIRST_BUCKETS;
  while (distinct.length > buckets * FULL) buckets *= 2;
  const placed = distinct.map((text) => ({ text, bucket: spreadHash(text) & (buckets - 1) }));
  return placed.toSorted((one, other) => one.bucket - other.bucket).map(({ text }) => text);
}

/** The hash of a text as `java.util.HashMap` uses it: the upper half is mixed into the lower one. */
function spreadHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash ^ (hash >>> 16);
}
