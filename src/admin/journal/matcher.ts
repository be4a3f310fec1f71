import * as v from "valibot";
import { canonicalJson } from "../../core/canonical-json.ts";
import { createPathTest, pathPattern } from "../path-pattern.ts";
import type { JournalEntry } from "./entry.ts";
import { parsePath, valueAt } from "./json-path.ts";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** `404`, or `4xx` for all from 400 to 499. */
const statusMatcher = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599)),
  v.pipe(v.string(), v.regex(/^[1-5]xx$/, "must be a status such as 404, or a class such as 4xx")),
]);

const jsonPath = v.pipe(
  v.string(),
  v.check((path) => parsePath(path) !== undefined, "must be a path such as inputs.question or items[0].name"),
);

/** A filter of the journal: requests that meet all of these conditions. */
export const requestMatcher = v.strictObject({
  method: v.optional(text),
  /** A pattern: see `admin/path-pattern.ts`. */
  path: v.optional(pathPattern),
  /** The `operationId` of the OpenAPI document. */
  operation: v.optional(text),
  workspace: v.optional(text),
  status: v.optional(statusMatcher),
  /** Whether a route answered. */
  matched: v.optional(v.boolean()),
  /** Headers of the request with their values. */
  headers: v.optional(v.record(v.string(), v.string())),
  /** A text that the request's body contains. */
  body_contains: v.optional(text),
  /** Values in the request's JSON body by their paths. */
  body_json: v.optional(v.record(jsonPath, v.unknown())),
  /** Only requests after the one with this sequence. */
  since: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type RequestMatcher = v.InferOutput<typeof requestMatcher>;

/** Creates the test that a matcher describes. Secrets are compared as they were sent. */
export function createMatcher(matcher: RequestMatcher): (entry: JournalEntry) => boolean {
  const tests = testsOf(matcher);
  return (entry) => tests.every((test) => test(entry));
}

/** The tests of a matcher: cheap ones first. */
function testsOf(matcher: RequestMatcher): Array<(entry: JournalEntry) => boolean> {
  const { method, path, operation, workspace, status, matched, headers, since } = matcher;
  const tests: Array<(entry: JournalEntry) => boolean> = [];
  if (since !== undefined) tests.push(({ sequence }) => sequence > since);
  if (method !== undefined) {
    const wanted = method.toUpperCase();
    tests.push((entry) => entry.method === wanted);
  }
  if (status !== undefined) tests.push((entry) => isStatus(entry.status, status));
  if (matched !== undefined) tests.push(({ route }) => (route !== undefined) === matched);
  if (operation !== undefined) tests.push(({ route }) => route?.operation.id === operation);
  if (workspace !== undefined) tests.push((entry) => entry.workspace === workspace);
  if (path !== undefined) {
    const isPath = createPathTest(path);
    tests.push((entry) => isPath(entry.path));
  }
  for (const [name, value] of Object.entries(headers ?? {})) tests.push((entry) => headerOf(entry, name) === value);
  tests.push(...bodyTestsOf(matcher));
  return tests;
}

function bodyTestsOf({ body_contains, body_json }: RequestMatcher): Array<(entry: JournalEntry) => boolean> {
  const tests: Array<(entry: JournalEntry) => boolean> = [];
  if (body_contains !== undefined) tests.push(({ body }) => body?.text.includes(body_contains) === true);
  const wanted = Object.entries(body_json ?? {}).map(([path, value]) => ({
    path: parsePath(path) ?? [],
    json: canonicalJson(JSON.stringify(value)),
  }));
  if (wanted.length === 0) return tests;
  tests.push(({ body }) => {
    const parsed = body === undefined ? undefined : parse(body.text);
    return wanted.every(({ path, json }) => {
      const found = valueAt(parsed, path);
      return found !== undefined && canonicalJson(JSON.stringify(found)) === json;
    });
  });
  return tests;
}

function isStatus(status: number, wanted: number | string): boolean {
  return typeof wanted === "number" ? status === wanted : String(status).startsWith(wanted.slice(0, 1));
}

function headerOf({ rawHeaders }: JournalEntry, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const index = rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === wanted);
  return index === -1 ? undefined : rawHeaders[index + 1];
}

/** A body that is not JSON, or cut off, has no values. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
