import * as v from "valibot";
import { BATCH_SIZE, isBatch } from "../../wire/id-batch.ts";
import { printedNumber } from "../../wire/numbers.ts";
import { pageOf } from "../../wire/page.ts";
import {
  boolean,
  constrained,
  exactly,
  freeForm,
  integer,
  list,
  map,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";
import { batchUpdateOf } from "../batch.ts";
import { comment } from "../comments/schema.ts";
import { feedbackScore } from "../feedback/schema.ts";
import { recordSearchFields } from "../record-search.ts";
import { tagChanges } from "../values.ts";
import { THREAD_FIELDS, threadSortKey } from "./filters.ts";
import { THREAD_STATUSES } from "./thread.ts";

/** The project of a thread. */
const projectFields = { project_name: optional(string()), project_id: optional(uuid()) };

/** Checks that a body names a project [opik 7.14]. */
function withProject<Body extends { project_name?: unknown; project_id?: unknown }>(
  schema: v.GenericSchema<unknown, Body>,
): v.GenericSchema<unknown, Body> {
  return v.pipe(
    schema,
    v.check(
      ({ project_name, project_id }) => project_name !== undefined || project_id !== undefined,
      "Either 'project_name' or 'project_id' must be provided",
    ),
  );
}

/** Body of `POST /traces/threads/retrieve` and `PUT /traces/threads/open`. */
export const threadIdentifier = withProject(
  v.object({ ...projectFields, thread_id: notBlank(), truncate: optional(boolean()) }),
);

/** Body of `PUT /traces/threads/close`: one thread or several. */
export const threadsToClose = v.pipe(
  withProject(
    v.object({
      ...projectFields,
      thread_id: optional(string()),
      thread_ids: constrained(optional(list(notBlank())), isBatch, BATCH_SIZE),
    }),
  ),
  v.check(
    ({ thread_id, thread_ids }) => (thread_id === undefined) !== (thread_ids === undefined),
    "Either 'thread_id' or 'thread_ids' must be provided, but not both",
  ),
);

/** Body of `POST /traces/threads/delete`. */
export const threadDeletion = withProject(
  v.object({ ...projectFields, thread_ids: constrained(required(list(notBlank())), isBatch, BATCH_SIZE) }),
);

/** Body of `POST /traces/threads/feedback-scores/delete`. */
export const threadScoreDeletion = v.object({
  project_name: notBlank(),
  thread_id: notBlank(),
  names: constrained(required(list(notBlank())), isBatch, BATCH_SIZE),
  author: optional(string()),
  source_queue_id: optional(uuid()),
});

/** Body of `PATCH /traces/threads/{id}`. */
export const threadUpdate = v.object(tagChanges);
export type ThreadUpdate = v.InferOutput<typeof threadUpdate>;

/** Body of `PATCH /traces/threads/batch`. */
export const threadBatchUpdate = batchUpdateOf(threadUpdate);

const searchable = { fields: THREAD_FIELDS, sortKey: threadSortKey, searched: [], excludable: [] };
const { last_retrieved_id, exclude: _, ...searchFields } = recordSearchFields(searchable);

/** Body of `POST /traces/threads/search`. */
export const threadSearch = v.object({ ...searchFields, last_retrieved_thread_model_id: last_retrieved_id });

export const thread = v.object({
  id: string(),
  project_id: string({ format: "uuid" }),
  thread_model_id: string({ format: "uuid" }),
  start_time: optional(string({ format: "date-time" })),
  end_time: optional(string({ format: "date-time" })),
  duration: optional(printedNumber()),
  first_message: optional(freeForm()),
  last_message: optional(freeForm()),
  feedback_scores: optional(list(feedbackScore)),
  status: exactly("status", THREAD_STATUSES),
  number_of_messages: integer("int64"),
  total_estimated_cost: optional(printedNumber()),
  usage: optional(map(integer("int64"))),
  comments: optional(list(comment)),
  tags: optional(freeForm()),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  environment: string(),
});
export type Thread = v.InferOutput<typeof thread>;

export const threadPage = pageOf(thread);

/** What can be left out of a list of threads. */
export const EXCLUDABLE_THREAD_FIELDS = [
  "start_time",
  "end_time",
  "duration",
  "first_message",
  "last_message",
  "feedback_scores",
  "status",
  "number_of_messages",
  "total_estimated_cost",
  "usage",
  "comments",
  "tags",
  "created_at",
  "created_by",
  "last_updated_at",
  "last_updated_by",
  "environment",
] as const;

/** What the real server says that a list of threads can be sorted by [opik 7.14]. */
export const SORTABLE_THREAD_FIELDS = [
  "id",
  "start_time",
  "end_time",
  "duration",
  "number_of_messages",
  "last_updated_at",
  "created_by",
  "created_at",
  "feedback_scores.*",
  "status",
  "tags",
] as const;
