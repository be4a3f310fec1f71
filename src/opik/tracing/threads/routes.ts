import type { Route } from "../../../http/route.ts";
import { conditionsOf, queryFilters } from "../../search/filters.ts";
import { queryExclude, queryInstant } from "../../search/parameters.ts";
import { querySortKey } from "../../search/sorting.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryBoolean, queryText, queryUuid, requiredQueryUuid } from "../../wire/parameters.ts";
import { recordStream } from "../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { commentRoutes } from "../comments/routes.ts";
import type { CommentService } from "../comments/service.ts";
import { scoreNames, threadScoreBatch } from "../feedback/schema.ts";
import type { FeedbackService } from "../feedback/service.ts";
import { inAnnotationQueue } from "../record-filters.ts";
import { THREAD_FIELDS, threadSortKey } from "./filters.ts";
import {
  EXCLUDABLE_THREAD_FIELDS,
  thread,
  threadBatchUpdate,
  threadDeletion,
  threadIdentifier,
  threadPage,
  threadScoreDeletion,
  threadSearch,
  threadsToClose,
  threadUpdate,
} from "./schema.ts";
import type { ThreadService } from "./service.ts";

const THREADS = "/v1/private/traces/threads";
const tag = "Traces";
const DONE = { 204: undefined };

export interface ThreadRoutesDependencies {
  threads: ThreadService;
  feedback: FeedbackService;
  comments: CommentService;
}

/** List, search, close, open, tag, score and delete threads. */
export function threadRoutes(route: DefineOpikRoute, dependencies: ThreadRoutesDependencies): Route[] {
  const { threads, comments } = dependencies;
  return [
    route({
      method: "GET",
      path: THREADS,
      id: "getTraceThreads",
      tag,
      summary: "Get trace threads",
      query: {
        ...pageQuery,
        project_name: queryText,
        project_id: queryUuid,
        filters: queryFilters(THREAD_FIELDS),
        sorting: querySortKey(threadSortKey),
        search: queryText,
        exclude: queryExclude(EXCLUDABLE_THREAD_FIELDS),
        truncate: queryBoolean,
        from_time: queryInstant,
        to_time: queryInstant,
        annotation_queue_id: queryUuid,
      },
      responses: { 200: threadPage },
      handle: async ({ owner, query }) => {
        const filters = inAnnotationQueue("trace_threads", query.filters, query.annotation_queue_id);
        return { status: 200, body: await threads.find(owner, { ...query, filters }) };
      },
    }),
    route({
      method: "POST",
      path: `${THREADS}/search`,
      id: "searchTraceThreads",
      tag,
      summary: "Search trace threads",
      body: threadSearch,
      streams: true,
      responses: { 200: thread },
      handle: async ({ owner, body }) => {
        const { limit, last_retrieved_thread_model_id: after, ...query } = body;
        const filters = conditionsOf(THREAD_FIELDS, body.filters);
        return recordStream(await threads.findNewest(owner, { ...query, filters }, limit, after));
      },
    }),
    route({
      method: "POST",
      path: `${THREADS}/retrieve`,
      id: "getTraceThread",
      tag,
      summary: "Get trace thread",
      body: threadIdentifier,
      responses: { 200: thread },
      handle: ({ owner, body }) => ({
        status: 200,
        body: threads.get(owner, body, body.thread_id, body.truncate ?? false),
      }),
    }),
    route({
      method: "PUT",
      path: `${THREADS}/open`,
      id: "openTraceThread",
      tag,
      summary: "Open trace thread",
      body: threadIdentifier,
      responses: DONE,
      handle: ({ owner, body }) => {
        threads.setStatus(owner, body, [body.thread_id], "active");
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: `${THREADS}/close`,
      id: "closeTraceThread",
      tag,
      summary: "Close trace thread(s)",
      body: threadsToClose,
      responses: DONE,
      handle: ({ owner, body }) => {
        threads.setStatus(owner, body, body.thread_ids ?? [body.thread_id ?? ""], "inactive");
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${THREADS}/delete`,
      id: "deleteTraceThreads",
      tag,
      summary: "Delete trace threads, with their traces",
      body: threadDeletion,
      responses: DONE,
      handle: async ({ owner, body }) => {
        await threads.delete(owner, body, body.thread_ids);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${THREADS}/batch`,
      id: "batchUpdateThreads",
      tag,
      summary: "Batch update threads",
      body: threadBatchUpdate,
      responses: DONE,
      handle: ({ owner, body }) => {
        threads.updateBatch(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${THREADS}/:threadModelId`,
      id: "updateThread",
      tag,
      summary: "Update thread",
      pathParameters: { threadModelId: pathUuid },
      body: threadUpdate,
      responses: DONE,
      handle: ({ owner, path, body }) => {
        threads.update(owner, path.threadModelId, body);
        return { status: 204 };
      },
    }),
    ...scoreRoutes(route, dependencies),
    ...commentRoutes(
      route,
      {
        path: THREADS,
        type: "thread",
        name: "Thread",
        tag,
        exists: (owner, id) => threads.findModel(owner, id) !== undefined,
      },
      comments,
    ),
  ];
}

/** Score threads, delete scores, list their names. */
function scoreRoutes(route: DefineOpikRoute, { threads, feedback }: ThreadRoutesDependencies): Route[] {
  return [
    route({
      method: "PUT",
      path: `${THREADS}/feedback-scores`,
      id: "scoreBatchOfThreads",
      tag,
      summary: "Batch feedback scoring for threads",
      body: threadScoreBatch,
      responses: DONE,
      handle: ({ owner, body }) => {
        threads.score(owner, body.scores);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${THREADS}/feedback-scores/delete`,
      id: "deleteThreadFeedbackScores",
      tag,
      summary: "Delete thread feedback scores",
      body: threadScoreDeletion,
      responses: DONE,
      handle: ({ owner, body }) => {
        threads.deleteScores(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${THREADS}/feedback-scores/names`,
      id: "findTraceThreadsFeedbackScoreNames",
      tag,
      summary: "Find Trace Threads Feedback Score names",
      query: { project_id: requiredQueryUuid },
      responses: { 200: scoreNames },
      handle: ({ owner, query }) => ({ status: 200, body: feedback.names(owner, "thread", [query.project_id]) }),
    }),
  ];
}
