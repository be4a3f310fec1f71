import * as v from "valibot";
import { averageScore } from "../../tracing/feedback/schema.ts";
import { BATCH_SIZE, isBatch } from "../../wire/id-batch.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import {
  boolean,
  constrained,
  exactly,
  integer,
  isBlank,
  list,
  map,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";

/** The kind of the items of a queue. */
export const SCOPES = ["trace", "thread"] as const;
export type Scope = (typeof SCOPES)[number];

const scope = exactly("annotation scope", SCOPES);

/** A whole number of a range. */
function between(first: number, last: number) {
  const atLeast = constrained(
    optional(integer()),
    (count) => count >= first,
    `must be greater than or equal to ${first}`,
  );
  return constrained(atLeast, (count) => count <= last, `must be less than or equal to ${last}`);
}

const MAX_ANNOTATORS = 1_000;
const MAX_LOCK_SECONDS = 3_600;

const changeableFields = {
  description: optional(string()),
  instructions: optional(string()),
  comments_enabled: optional(boolean()),
  feedback_definition_names: optional(list(string())),
  annotators_per_item: between(1, MAX_ANNOTATORS),
  lock_timeout_seconds: between(1, MAX_LOCK_SECONDS),
};

/** Body of `POST /annotation-queues`, and an element of a batch. */
export const queueWrite = v.object({
  id: optional(uuid()),
  project_id: required(uuid()),
  name: notBlank(),
  scope: required(scope),
  ...changeableFields,
});
export type QueueWrite = v.InferOutput<typeof queueWrite>;

/** Body of `POST /annotation-queues/batch`. */
export const queueBatch = v.object({
  annotation_queues: constrained(required(list(required(queueWrite))), isBatch, `Batch ${BATCH_SIZE}`),
});

/** Body of `PATCH /annotation-queues/{id}`; absent fields do not change. */
export const queueUpdate = v.object({
  name: constrained(optional(string()), (name) => !isBlank(name), "must not be blank"),
  ...changeableFields,
});
export type QueueUpdate = v.InferOutput<typeof queueUpdate>;

export const queue = v.object({
  id: string({ format: "uuid" }),
  project_id: string({ format: "uuid" }),
  /** Absent when the project was deleted. */
  project_name: optional(string()),
  name: string(),
  description: string(),
  instructions: string(),
  scope,
  comments_enabled: boolean(),
  feedback_definition_names: list(string()),
  annotators_per_item: integer(),
  lock_timeout_seconds: integer(),
  /** The users that have annotated items, with the number of items. */
  reviewers: optional(list(v.object({ username: string(), status: integer("int64") }))),
  /** The averages of the scores of its items under the names of the queue. */
  feedback_scores: optional(list(averageScore)),
  items_count: integer("int64"),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type AnnotationQueue = v.InferOutput<typeof queue>;

export const queuePage = pageOf(queue);
export type AnnotationQueuePage = Page<AnnotationQueue>;

/** Whether a user may annotate an item now. */
export const itemLock = v.object({
  acquired: boolean(),
  item_id: string({ format: "uuid" }),
  locked_by: string(),
  expires_at: optional(string({ format: "date-time" })),
});
export type ItemLock = v.InferOutput<typeof itemLock>;

/** The items that users annotate now. */
export const locks = v.object({
  locks: map(v.object({ active_locks: integer(), locked_by: list(string()) })),
});
export type Locks = v.InferOutput<typeof locks>;

/** How items came into a queue. */
export const queueItems = v.object({ content: list(v.object({ id: string({ format: "uuid" }), source: string() })) });
export type QueueItems = v.InferOutput<typeof queueItems>;
