import { OpikError } from "../../../wire/errors.ts";
import { isScalar, type Parameter, readList } from "../../../wire/parameters.ts";
import { isBlank } from "../../../wire/values.ts";
import type { Experiment } from "../schema.ts";

/** The fields that experiments are grouped by, with the type of each. */
const TYPES = { metadata: "dictionary", dataset_id: "string", tags: "list", project_id: "string" } as const;
type GroupField = keyof typeof TYPES;

/** All types of fields that the real server knows. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  ...["string", "string_exact", "string_list", "string_state_db", "date_time", "date_time_state_db", "number"],
  ...["duration", "feedback_scores_number", "dictionary", "dictionary_state_db", "map", "list", "enum", "enum_legacy"],
  ...["error_container", "custom"],
]);

/** What experiments are grouped by. */
export interface Grouping {
  field: GroupField;
  /** The path in the metadata; empty for other fields. */
  key: string;
}

/** What experiments are grouped by, from the outer groups to the inner ones, as a JSON list in the query. */
export const queryGroupings: Parameter<Grouping[]> = {
  schema: { type: "string" },
  required: true,
  read: (text) => {
    if (isBlank(text ?? "")) throw OpikError.message(400, "Required query parameter 'groups' is missing");
    const list = readGroups(text ?? "");
    if (list.length === 0) throw OpikError.message(400, "At least one grouping field must be specified");
    return list.map(toGrouping);
  },
};

interface WrittenGroup {
  field: string;
  key: string;
  type: string | undefined;
}

function readGroups(text: string): WrittenGroup[] {
  const fail = (): never => {
    throw OpikError.message(400, `Invalid grouping query parameter '${text}'`);
  };
  const list = readList(text) ?? fail();
  return list.map((one) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return fail();
    const { field, key, type }: { field?: unknown; key?: unknown; type?: unknown } = one;
    if (![field, key, type].every(isScalar)) return fail();
    if (type !== undefined && type !== null && !KNOWN_TYPES.has(String(type))) return fail();
    return { field: String(field ?? null), key: String(key ?? ""), type: type ? String(type) : undefined };
  });
}

function toGrouping({ field, key, type }: WrittenGroup): Grouping {
  const fields = Object.keys(TYPES);
  if (!Object.hasOwn(TYPES, field)) {
    const message = `Invalid grouping field: ${field}. Supported fields are: [${fields.join(", ")}]`;
    throw OpikError.message(400, message);
  }
  const known = field as GroupField;
  const { [known]: ownType } = TYPES;
  const given = type ?? ownType;
  if (given === "dictionary" && isBlank(key))
    throw OpikError.message(400, `Key must be specified for json field '${field}'`);
  if (given !== ownType)
    throw OpikError.message(400, `Invalid field type '${given.toUpperCase()}' for field '${field}'`);
  return { field: known, key: known === "metadata" ? key : "" };
}

/** The values of an experiment in one grouping: each tag, else one; blank when there is none. */
export function valuesIn(experiment: Experiment, { field, key }: Grouping): string[] {
  if (field === "metadata") return [scalarAt(experiment.metadata?.parse(), key)];
  if (field !== "tags") return [experiment[field] ?? ""];
  const tags = (experiment.tags?.parse() ?? []) as string[];
  return tags.length === 0 ? [""] : tags;
}

/** A step of a path: `.name`, `[0]` or `['name']`. */
const STEP = /\.(\w+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/gy;

/** The text, number or boolean at a path, as ClickHouse's JSON_VALUE writes it; blank for everything else. */
function scalarAt(json: unknown, key: string): string {
  const path = key.replace(/^\$/, "").replace(/^(?=[^.[])/, ".");
  const steps = [...path.matchAll(STEP)];
  if (steps.reduce((length, [step]) => length + step.length, 0) !== path.length) return "";
  let value = json;
  for (const [, name, index, quoted] of steps) {
    const step = name ?? index ?? quoted ?? "";
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, step);
    value = isThere ? (value as Record<string, unknown>)[step] : undefined;
  }
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
