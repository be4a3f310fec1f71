import * as v from "valibot";
import { decodeJson } from "../../core/json-encoding.ts";
import { parseJsonInSlices } from "../../core/json.ts";
import { type BodyReader, createBodyCheck, createCheckedReader } from "../../http/body-reader.ts";
import { readBodyBytes } from "../../http/body.ts";
import type { BodyCheck } from "../../http/ignored-fields.ts";
import { shapeOf } from "../../http/schema.ts";
import { OpikError, unreadableJson } from "./errors.ts";

export interface BodyOptions {
  maxBytes: number;
  /** Whether the request may come without a body, which then reads as `undefined`. */
  optional: boolean;
  /** Called with each body that could be parsed. */
  check: BodyCheck;
}

/**
 * Creates the reader of one route's body. The schema also says which parts are free-form, to be cut out as
 * their own text.
 */
export function createBodyReader<Body>(
  schema: v.GenericSchema<unknown, Body>,
  { maxBytes, optional, check }: BodyOptions,
): BodyReader<Body | undefined> {
  const shape = shapeOf(schema);
  const rootIsContainer = typeof shape === "object" && !("fields" in shape);
  const checked = createBodyCheck(optional ? v.optional(schema) : schema, check, (issues) =>
    toError(issues, rootIsContainer),
  );
  return createCheckedReader(async (event) => {
    const text = decodeJson(await readBodyBytes(event, maxBytes));
    const input = text.trim() === "" ? undefined : ((await parseJsonInSlices(text, shape)) ?? undefined);
    if (input === undefined && !optional) throw OpikError.errors(422, "The request body must not be null");
    return input;
  }, checked);
}

/** A value of the wrong type is a 400 and wins; broken constraints are a 422 that names them all. */
function toError(issues: ReadonlyArray<v.BaseIssue<unknown>>, rootIsContainer: boolean): OpikError {
  const unreadable = issues.find((issue) => issue.kind !== "validation");
  if (unreadable !== undefined) {
    const path = jsonPath(unreadable);
    return unreadableJson(unreadable.message + (path === "" ? "" : ` (through reference chain: ${path})`));
  }
  // One message a violation, also where two read alike [opik 1.7].
  const errors = issues.map((issue) => `${propertyPath(issue, rootIsContainer)} ${issue.message}`.trim());
  return OpikError.errors(422, ...errors);
}

function jsonPath(issue: v.BaseIssue<unknown>): string {
  return (
    issue.path?.map((item) => (typeof item.key === "number" ? `[${item.key}]` : `["${String(item.key)}"]`)).join("") ??
    ""
  );
}

/**
 * The property path as Java's bean validation prints it: camelCase names, and for a body that is itself a
 * list or a map no index or key [opik 1.4, 2.4, 2.12].
 */
function propertyPath(issue: v.BaseIssue<unknown>, rootIsContainer: boolean): string {
  const keys = (issue.path ?? []).map((item) => item.key).slice(rootIsContainer ? 1 : 0);
  if (rootIsContainer && keys.length === 0) return "<list element>";
  let path = "";
  for (const key of keys) {
    // Sets have no places: see `eachConstrained`.
    if (key === null) path += "[].<iterable element>";
    else if (typeof key === "number") path += `[${key}]`;
    else path += `${path === "" ? "" : "."}${camelCase(String(key))}`;
  }
  return path;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
