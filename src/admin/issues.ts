import * as v from "valibot";
import { didYouMean } from "../core/did-you-mean.ts";

/** A field that is not as it should be. */
export interface FieldMistake {
  /** `by`, `latency.min`; `""` for the whole. */
  path: string;
  message: string;
}

/**
 * Says in plain words what a schema refuses.
 * @param fields the names of the fields at the top, one of which may have been meant
 */
export function describeIssues(issues: ReadonlyArray<v.BaseIssue<unknown>>, fields: readonly string[]): FieldMistake[] {
  return issues.map((issue) => {
    const path = v.getDotPath(issue) ?? "";
    return { path, message: describeIssue(issue, path, fields) };
  });
}

/** The names of the fields of a schema; none when it is no object. */
export function fieldsOf(schema: v.GenericSchema): string[] {
  return "entries" in schema && typeof schema.entries === "object" ? Object.keys(schema.entries ?? {}) : [];
}

function describeIssue(issue: v.BaseIssue<unknown>, path: string, fields: readonly string[]): string {
  const { type, expected, received, message } = issue;
  if (type !== "object" && type !== "strict_object") return message;
  if (expected === "never") return `there is no such field.${didYouMean(path, fields)}`;
  return received === "undefined" ? "is missing" : message;
}
