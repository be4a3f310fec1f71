import * as v from "valibot";
import { MANY, matchesWildcards, readStars } from "../core/wildcards.ts";

/** A pattern of a request. One that does not begin as a path does fits none. */
export const pathPattern: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.nonEmpty("must not be empty"),
  v.regex(/^(?:[/*]|$)/, "must begin with / or *, such as /v1/private/projects or **/projects"),
);

/** One segment of a path is as a pattern says. */
type SegmentTest = (segment: string) => boolean;

/**
 * Creates a test for paths. In a pattern `*`, `:name` and `{name}` stand for one segment and `**` for any number of them;
 * a `*` beside other characters stands for any number of characters of a segment; all else stands for itself. Opik's API
 * is served under `/` and `/api`: a pattern fits a path with and without `/api`.
 * @param pattern `/v1/private/jobs/*`
 */
export function createPathTest(pattern: string): (path: string) => boolean {
  // `**` is at least one segment, which may be empty.
  const tests = pattern
    .split("/")
    .flatMap((segment): Array<SegmentTest | typeof MANY> =>
      segment === "**" ? [() => true, MANY] : [testOf(segment)],
    );
  const fits = (path: string): boolean => matchesWildcards(path.split("/"), tests, (segment, isAs) => isAs(segment));
  const isAs = (path: string): boolean => fits(path) || (path.endsWith("/") && fits(path.slice(0, -1)));
  return (path) => isAs(path) || (path.startsWith("/api/") && isAs(path.slice("/api".length)));
}

function testOf(pattern: string): SegmentTest {
  if (/^:[\w-]+$/.test(pattern) || /^\{[\w-]+\}$/.test(pattern)) return (segment) => segment !== "";
  if (!pattern.includes("*")) return (segment) => segment === pattern;
  const characters = readStars(pattern);
  return (segment) => matchesWildcards(segment, characters, (character, wanted) => character === wanted);
}
