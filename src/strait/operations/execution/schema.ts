import * as v from "valibot";
import type { Schema } from "../../../http/schema.ts";
import { freeForm, mismatch, object, optional, required, sortedMap, string } from "../../wire/values.ts";

export type Annotations = ReadonlyMap<string, string>;

const texts = { type: "object", additionalProperties: { type: "string" } };

/**
 * Body of an executor's `annotate` [strait 2.4]: `{"annotations": {...}}` or, as the older reference has it,
 * the texts themselves. `undefined` when there is neither.
 */
export const annotateRequest: Schema<Annotations | undefined> = v.pipe(
  v.map(v.string(), v.unknown(), (issue) => mismatch(issue.input, "api.SDKAnnotateRequest")),
  v.metadata({ jsonSchema: { anyOf: [{ type: "object", properties: { annotations: texts } }, texts] } }),
  v.rawTransform<Map<string, unknown>, Annotations | undefined>(({ dataset, addIssue, NEVER }) => {
    const fields = annotationsIn(dataset.value);
    if (fields === undefined) return undefined;
    const entries: Array<[string, string]> = [];
    for (const [key, value] of fields) {
      if (value !== null && typeof value !== "string") {
        const type = "Go struct field SDKAnnotateRequest.annotations of type";
        addIssue({ message: mismatch(value, "string").replace("Go value of type", type) });
        return NEVER;
      }
      entries.push([key.replaceAll("\0", ""), (value ?? "").replaceAll("\0", "")]);
    }
    return sortedMap(entries);
  }),
) as Schema<Annotations | undefined>;

/** An object of keys and values whose types are checked later; a list is refused. */
function annotationsIn(body: ReadonlyMap<string, unknown>): Iterable<[string, unknown]> | undefined {
  const named = [...body].find(([name]) => name.toLowerCase() === "annotations");
  if (named === undefined) return body.size === 0 ? undefined : body;
  const [name, value] = named;
  if (value === null) return undefined;
  return typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [[name, {}]];
}

/** Body of an executor's `complete` [strait 2.8]. */
export const completeRequest = object({ result: optional(freeForm()) }, "SDKCompleteRequest");

/** Body of an executor's `fail` [strait 2.9]. */
export const failRequest = object({ error: required(string()) }, "SDKFailRequest");

/** Body of an executor's `continue` [strait 2.11]. */
export const continueRequest = object({ payload: optional(freeForm()) }, "SDKContinueRequest");
