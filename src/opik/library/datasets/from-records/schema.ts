import * as v from "valibot";
import { boolean, constrained, list, map, optional, required, string, uuid } from "../../../wire/values.ts";
import { evaluator, executionPolicy } from "../versions/schema.ts";
import { readPath, unboundedPart } from "./json-path.ts";

/** The limit of fields that are mapped, and of characters of their names. */
const [MAX_MAPPINGS, MAX_NAME_LENGTH] = [100, 150];

/** A set of ids that must not be empty. */
function idSet(name: string): v.GenericSchema<unknown, string[]> {
  return v.pipe(
    v.nullish(list(required(uuid())), () => []),
    v.metadata({ required: true }),
    v.check((ids) => ids.length > 0, `${name} must not be empty`),
    v.transform((ids) => [...new Set(ids)]),
  );
}

/** Options that must be there; each is `false` when it is left out. */
function optionsOf<Name extends string>(...names: readonly Name[]): v.GenericSchema<unknown, Record<Name, boolean>> {
  const option = v.pipe(
    optional(boolean()),
    v.transform((given) => given === true),
  );
  const fields = Object.fromEntries(names.map((name) => [name, option])) as Record<Name, typeof option>;
  return v.pipe(
    v.nullish(v.object(fields), () => null),
    v.metadata({ required: true }),
    v.check((options) => options !== null, "enrichment_options must not be null"),
    v.transform((options) => options as Record<Name, boolean>),
  );
}

const SPAN_OPTIONS = [
  "include_tags",
  "include_feedback_scores",
  "include_comments",
  "include_usage",
  "include_metadata",
] as const;

/** The fields of items by their paths in the record; paths that cannot be read are refused together. */
const fieldMappings = v.pipe(
  constrained(
    optional(map(optional(string()))),
    (paths) => paths.size <= MAX_MAPPINGS,
    `field_mappings cannot exceed ${MAX_MAPPINGS} entries`,
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const mistakes = [...(dataset.value ?? [])].map(mistakeOf).filter((mistake) => mistake !== undefined);
    if (mistakes.length > 0) addIssue({ message: `unsupported field mappings: ${mistakes.join(", ")}` });
  }),
  v.transform((paths) => new Map([...(paths ?? [])].map(([name, path = ""]) => [name, readPath(path)]))),
);

const BLANK = /^\s*$/;

function mistakeOf([name, path = ""]: readonly [string, string | undefined]): string | undefined {
  if (BLANK.test(name)) return `'${name}' (name must not be blank)`;
  if (name.length > MAX_NAME_LENGTH) return `'${name}' (name cannot exceed ${MAX_NAME_LENGTH} characters)`;
  if (BLANK.test(path)) return `'${name}' (path must not be blank)`;
  const unbounded = unboundedPart(path);
  if (unbounded !== undefined) return `'${name}' (${path} uses '${unbounded}')`;
  try {
    readPath(path);
    return undefined;
  } catch {
    return `'${name}' (${path} is not a valid path)`;
  }
}

const itemFields = {
  evaluators: optional(list(evaluator)),
  execution_policy: optional(executionPolicy),
  field_mappings: fieldMappings,
};

/** Body of `POST /datasets/{id}/items/from-traces`. */
export const itemsFromTracesRequest = v.object({
  trace_ids: idSet("trace_ids"),
  enrichment_options: optionsOf("include_spans", ...SPAN_OPTIONS),
  ...itemFields,
});
export type ItemsFromTraces = v.InferOutput<typeof itemsFromTracesRequest>;

/** Body of `POST /datasets/{id}/items/from-spans`. */
export const itemsFromSpansRequest = v.object({
  span_ids: idSet("span_ids"),
  enrichment_options: optionsOf(...SPAN_OPTIONS),
  ...itemFields,
});
export type ItemsFromSpans = v.InferOutput<typeof itemsFromSpansRequest>;
