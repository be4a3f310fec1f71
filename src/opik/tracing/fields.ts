import * as v from "valibot";
import { stringifyJson } from "../../core/json.ts";
import { millisecondsBetween, readTimestamp } from "../../core/timestamps.ts";
import { jsonValue, type Schema } from "../../http/schema.ts";
import { projectName } from "../projects/schema.ts";
import { jsonField, timeField } from "../wire/columns.ts";
import type { Owner } from "../wire/owner.ts";
import { constrained, freeForm, list, loosely, number, optional, required, string, uuid } from "../wire/values.ts";
import { UNWRITTEN, type Versioned } from "./merge.ts";

/*
 * What traces and spans have in common: the fields of their requests and answers, and the columns.
 */

const SOURCES = ["sdk", "experiment", "playground", "optimization", "evaluator"] as const;

/** A point in time, in UTC with the precision it was given in. */
function timestamp(): Schema<string> {
  const readable = jsonValue({ type: "string", format: "date-time" }, (input) => {
    const text = typeof input === "string" ? readTimestamp(input) : undefined;
    if (text !== undefined) return text;
    throw new Error(`Cannot deserialize value of type \`java.time.Instant\` from ${JSON.stringify(input)}`);
  });
  const inRange = (text: string): boolean => text >= "1970" && text < "2300";
  return constrained(readable, inRange, "must be between 1970-01-01T00:00:00Z and 2300-01-01T00:00:00Z");
}

/** Free-form JSON that may be left out. `null` says nothing here: the real server merges only what is not null (facts 4.2). */
const optionalJson = v.pipe(
  optional(freeForm()),
  v.transform((json) => (json?.isNull ? undefined : json)),
);

const text = optional(string());
const time = optional(timestamp());

/** A set of texts. */
const tags = v.pipe(
  optional(list(string())),
  v.transform((given) => given && [...new Set(given)]),
);

/** The fields that a write and an update of a trace or a span have in common. */
export const writableFields = {
  name: text,
  end_time: time,
  input: optionalJson,
  output: optionalJson,
  metadata: optionalJson,
  error_info: optional(v.object({ exception_type: text, message: text, traceback: text })),
  ttft: optional(number()),
  source: optional(loosely("com.comet.opik.api.Source", SOURCES)),
  environment: constrained(
    optional(string({ maxLength: 150 })),
    (name) => name.length <= 150,
    "size must be between 0 and 150",
  ),
};

/** What a write has that an update has not: when the thing began, and when this was known of it. */
export const writeOnlyFields = { start_time: required(timestamp()), last_updated_at: time, tags };

/** The most tags that one request may name, and how long one may be (facts 4.2). */
const [MAX_TAGS, MAX_TAG_LENGTH] = [50, 100];

const limitedTags = constrained(
  constrained(tags, (given) => given.length <= MAX_TAGS, `size must be between 0 and ${MAX_TAGS}`),
  (given) => given.every((tag) => tag.length <= MAX_TAG_LENGTH),
  `size must be between 0 and ${MAX_TAG_LENGTH}`,
);

/** How an update changes the tags: all of them, or some. */
export const tagChanges = { tags: limitedTags, tags_to_add: limitedTags, tags_to_remove: limitedTags };

/** The fields of an answer that a trace and a span have in common. */
export const readableFields = {
  id: string({ format: "uuid" }),
  project_id: string({ format: "uuid" }),
  ...writableFields,
  start_time: timestamp(),
  error_info: optional(freeForm()),
  tags: optional(freeForm()),
  created_at: timestamp(),
  created_by: string(),
  last_updated_at: timestamp(),
  last_updated_by: string(),
  duration: optional(number()),
};

const common = v.object(readableFields);
const written = v.object({ ...writableFields, ...writeOnlyFields, id: optional(uuid()), project_name: projectName });
const updated = v.object({ ...writableFields, ...tagChanges, project_name: projectName, project_id: optional(uuid()) });

/** What a write tells of a trace or a span. */
export type RecordWrite = v.InferOutput<typeof written>;

/** What an update tells of a trace or a span. */
export type RecordUpdate = v.InferOutput<typeof updated>;

/** The columns that a trace and a span have in common and that are merged. */
export type CommonColumns = {
  name: string | null;
  start_time: string | null;
  end_time: string | null;
  input_json: string | null;
  output_json: string | null;
  metadata_json: string | null;
  tags_json: string | null;
  error_info_json: string | null;
  ttft: number | null;
  source: (typeof SOURCES)[number] | null;
  environment: string | null;
};

/** The columns of a trace or a span that only we write. */
export interface OwnColumns extends Versioned {
  workspace: string;
  id: string;
  project_id: string;
  created_at: number;
  created_by: string;
  last_updated_by: string;
}

/** The own columns of a row that nobody has written to. */
export function newRow(owner: Owner, id: string, projectId: string, now: number): OwnColumns {
  return {
    workspace: owner.workspace,
    id,
    project_id: projectId,
    created_at: now,
    created_by: owner.user,
    last_updated_by: owner.user,
    ...UNWRITTEN,
  };
}

/** What a request writes to the common columns. */
export function commonColumns(request: RecordWrite | RecordUpdate): CommonColumns {
  return {
    name: request.name ?? null,
    start_time: "start_time" in request ? request.start_time : null,
    end_time: request.end_time ?? null,
    input_json: request.input?.text ?? null,
    output_json: request.output?.text ?? null,
    metadata_json: request.metadata?.text ?? null,
    tags_json: request.tags === undefined ? null : JSON.stringify(request.tags),
    error_info_json: request.error_info === undefined ? null : stringifyJson(request.error_info),
    ttft: request.ttft ?? null,
    source: request.source ?? null,
    environment: request.environment ?? null,
  };
}

/** The tags after an update that adds and removes some; `undefined` when it leaves them alone. */
export function changedTags(
  current: string | null,
  update: Pick<RecordUpdate, "tags" | "tags_to_add" | "tags_to_remove">,
): string[] | undefined {
  const { tags, tags_to_add: added, tags_to_remove: removed } = update;
  if (added === undefined && removed === undefined) return tags;
  const all = new Set([...(tags ?? (JSON.parse(current ?? "[]") as string[])), ...(added ?? [])]);
  for (const tag of removed ?? []) all.delete(tag);
  return [...all];
}

/** Where a row starts that has been updated but not written yet (facts 4.2). */
const NOT_STARTED = "1970-01-01T00:00:00Z";

/** The fields of an answer that a trace and a span have in common; what is empty is left out. */
export function commonFields(row: CommonColumns & OwnColumns): v.InferOutput<typeof common> {
  return {
    id: row.id,
    project_id: row.project_id,
    name: row.name ?? undefined,
    start_time: row.start_time ?? NOT_STARTED,
    end_time: row.end_time ?? undefined,
    input: jsonField(row.input_json),
    output: jsonField(row.output_json),
    metadata: jsonField(row.metadata_json),
    tags: row.tags_json === "[]" ? undefined : jsonField(row.tags_json),
    error_info: jsonField(row.error_info_json),
    ttft: row.ttft ?? undefined,
    source: row.source ?? undefined,
    environment: row.environment ?? undefined,
    created_at: timeField(row.created_at),
    created_by: row.created_by,
    last_updated_at: row.last_updated_at,
    last_updated_by: row.last_updated_by,
    duration: row.start_time && row.end_time ? millisecondsBetween(row.start_time, row.end_time) : undefined,
  };
}
