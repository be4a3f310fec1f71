import { expectStatus } from "../../../support/pairing.ts";
import { type Arrangement, type ConformanceCase, idInLocation } from "../../case.ts";
import { inAnyOrder, TIMESTAMP } from "../../expected.ts";
import { fill } from "../../world.ts";
import { newIds, query } from "../given.ts";

const TRACES = "/v1/private/traces";
const THREADS = `${TRACES}/threads`;
const SEARCH = `POST ${THREADS}/search`;
const PROJECT = { project_name: "<projectname>" };
const UNKNOWN = "0190babc-62a0-71d2-832a-0feffa4676eb";
const RETRIEVE = { send: `POST ${THREADS}/retrieve`, body: { ...PROJECT, thread_id: "talk" } };

/** Two threads of `<project>`: `talk` with two traces and a span, and `chat` with one trace; `<talk>` is a model. */
const twoThreads: Arrangement = async (world) => {
  await newIds("one", "two", "three", "span")(world);
  const traces = [
    {
      id: "<two>",
      ...PROJECT,
      thread_id: "talk",
      start_time: "2026-01-01T00:00:03Z",
      end_time: "2026-01-01T00:00:04.5Z",
      input: { q: "second" },
      output: { a: "last" },
      environment: "prod",
    },
    {
      id: "<one>",
      ...PROJECT,
      thread_id: "talk",
      start_time: "2026-01-01T00:00:01Z",
      end_time: "2026-01-01T00:00:02Z",
      input: { q: "first" },
      output: { a: "early" },
      environment: "prod",
    },
    { id: "<three>", ...PROJECT, thread_id: "chat", start_time: "2026-01-01T00:01:00Z", input: { q: "other" } },
  ];
  const spans = [
    {
      id: "<span>",
      trace_id: "<one>",
      ...PROJECT,
      start_time: "2026-01-01T00:00:01Z",
      usage: { total_tokens: 7 },
      total_estimated_cost: 0.5,
    },
  ];
  for (const trace of traces) expectStatus(await world.call("POST", TRACES, { body: fill(trace, world) }), 201);
  expectStatus(await world.call("POST", "/v1/private/spans/batch", { body: fill({ spans }, world) }), 204);
  const { json } = expectStatus(
    await world.call("POST", RETRIEVE.send.slice("POST ".length), { body: fill(RETRIEVE.body, world) }),
    200,
  );
  world.things.set("talk", (json as { thread_model_id: string }).thread_model_id);
};

/** Filters, and the threads that meet them. */
const FOUND: ReadonlyArray<[filter: object, ...ids: string[]]> = [
  [{ field: "id", operator: "=", value: "talk" }, "talk"],
  [{ field: "id", operator: "contains", value: "a" }, "chat", "talk"],
  [{ field: "first_message", operator: "contains", value: "FIRST" }, "talk"],
  [{ field: "last_message", operator: "contains", value: "last" }, "talk"],
  [{ field: "number_of_messages", operator: "<", value: "4" }, "chat"],
  [{ field: "duration", operator: "=", value: "3500" }, "talk"],
  [{ field: "start_time", operator: "=", value: "2026-01-01T00:00:01.0Z" }, "talk"],
  [{ field: "end_time", operator: "<=", value: "2026-01-01T00:00:04.5Z" }, "talk"],
  [{ field: "status", operator: "=", value: "active" }, "chat", "talk"],
  [{ field: "tags", operator: "is_empty" }, "chat", "talk"],
  [{ field: "environment", operator: "=", value: "prod" }, "talk"],
  [{ field: "source", operator: "=", value: "sdk" }, "chat", "talk"],
  [{ field: "created_at", operator: ">", value: "2020-01-01T00:00:00Z" }, "chat", "talk"],
  [{ field: "last_updated_at", operator: "<", value: "2020-01-01T00:00:00Z" }],
];

const ids = (...names: string[]): Array<{ id: string }> => names.map((id) => ({ id }));

/** Writes a query. */
function list(parameters: Record<string, string> = {}): string {
  return `GET ${THREADS}?project_id=<project>&${query(parameters)}`;
}

/** Threads of traces [opik 7.14]. */
export const threadCases: readonly ConformanceCase[] = [
  {
    name: "a thread has what its traces come to",
    given: [twoThreads],
    steps: [
      {
        ...RETRIEVE,
        status: 200,
        json: {
          id: "talk",
          project_id: "<project>",
          thread_model_id: "<talk>",
          start_time: "2026-01-01T00:00:01Z",
          end_time: "2026-01-01T00:00:04.500Z",
          duration: 3500,
          first_message: { q: "first" },
          last_message: { a: "last" },
          status: "active",
          number_of_messages: 4,
          total_estimated_cost: 0.5,
          usage: { total_tokens: 7 },
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
          environment: "prod",
        },
      },
      {
        send: `POST ${THREADS}/retrieve`,
        body: { project_id: "<project>", thread_id: "chat" },
        status: 200,
        match: { id: "chat", number_of_messages: 2, first_message: { q: "other" }, environment: "" },
        absent: ["end_time", "duration", "last_message", "usage", "total_estimated_cost", "tags", "comments"],
      },
    ],
  },
  {
    name: "a thread that is not there is not found",
    given: [twoThreads],
    steps: [
      {
        send: `POST ${THREADS}/retrieve`,
        body: { ...PROJECT, thread_id: "none" },
        status: 404,
        message: "Thread id: none not found",
      },
      {
        send: `POST ${THREADS}/retrieve`,
        body: { project_name: "<unknown>", thread_id: "talk" },
        status: 404,
        message: "Project name: <unknown> not found",
      },
      {
        send: `POST ${THREADS}/retrieve`,
        body: { thread_id: "talk" },
        status: 422,
        errors: ["Either 'project_name' or 'project_id' must be provided"],
      },
      {
        send: `POST ${THREADS}/retrieve`,
        body: { ...PROJECT, thread_id: " " },
        status: 422,
        errors: ["threadId must not be blank"],
      },
    ],
  },
  {
    name: "a search streams the threads that meet the filters, the newest model first",
    given: [twoThreads],
    steps: [
      ...FOUND.map(([filter, ...names]) => ({
        send: SEARCH,
        body: { ...PROJECT, filters: [filter] },
        status: 200,
        lines: ids(...names),
      })),
      { send: SEARCH, body: { ...PROJECT, limit: 1 }, status: 200, lines: ids("chat") },
      { send: SEARCH, body: { ...PROJECT, last_retrieved_thread_model_id: "<talk>" }, status: 200, lines: [] },
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "name", operator: "=", value: "x" }] },
        status: 400,
        message: /^Unable to process JSON\. .*`com\.comet\.opik\.api\.filter\.TraceThreadField` from String "name"/,
      },
      {
        send: SEARCH,
        body: {},
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
    ],
  },
  {
    name: "a list of threads is filtered and sorted, those that were changed last first",
    given: [twoThreads],
    steps: [
      {
        send: list(),
        status: 200,
        match: {
          page: 1,
          size: 2,
          total: 2,
          content: ids("chat", "talk"),
          sortable_by: [
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
          ],
        },
      },
      {
        send: list({ size: "1", page: "2" }),
        status: 200,
        match: { page: 2, size: 1, total: 2, content: ids("talk") },
      },
      {
        send: list({ sorting: '[{"field":"number_of_messages","direction":"DESC"}]' }),
        status: 200,
        match: { content: ids("talk", "chat") },
      },
      {
        send: list({ sorting: '[{"field":"start_time","direction":"ASC"}]' }),
        status: 200,
        match: { content: ids("talk", "chat") },
      },
      {
        send: list({ filters: '[{"field":"id","operator":"=","value":"talk"}]' }),
        status: 200,
        match: { total: 1, content: ids("talk") },
      },
      { send: list({ filters: "x" }), status: 400, message: "Invalid filters query parameter 'x'" },
      { send: list({ from_time: "2020-01-01T00:00:00Z" }), status: 200, match: { total: 2 } },
      { send: list({ to_time: "2020-01-01T00:00:00Z" }), status: 200, match: { total: 0 } },
    ],
  },
  {
    name: "a thread is closed and opened, and a new trace opens it again",
    given: [twoThreads],
    steps: [
      { send: `PUT ${THREADS}/close`, body: { ...PROJECT, thread_id: "talk" }, status: 204 },
      { ...RETRIEVE, status: 200, match: { status: "inactive" } },
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "status", operator: "=", value: "active" }] },
        status: 200,
        lines: ids("chat"),
      },
      { send: `PUT ${THREADS}/open`, body: { ...PROJECT, thread_id: "talk" }, status: 204 },
      { ...RETRIEVE, status: 200, match: { status: "active" } },
      { send: `PUT ${THREADS}/close`, body: { project_id: "<project>", thread_ids: ["talk", "chat"] }, status: 204 },
      { send: list(), status: 200, match: { content: [{ status: "inactive" }, { status: "inactive" }] } },
      { send: `PATCH ${TRACES}/<one>`, body: { ...PROJECT, output: { a: "again" } }, status: 204 },
      { ...RETRIEVE, status: 200, match: { status: "active" } },
    ],
  },
  {
    name: "closing threads that are not there, or none, is refused",
    given: [twoThreads],
    steps: [
      {
        send: `PUT ${THREADS}/close`,
        body: { ...PROJECT, thread_ids: ["talk", "none"] },
        status: 404,
        message: "Thread 'none' not found:",
      },
      { ...RETRIEVE, status: 200, match: { status: "active" } },
      {
        send: `PUT ${THREADS}/open`,
        body: { ...PROJECT, thread_id: "none" },
        status: 404,
        message: "Thread 'none' not found:",
      },
      {
        send: `PUT ${THREADS}/close`,
        body: PROJECT,
        status: 422,
        errors: ["Either 'thread_id' or 'thread_ids' must be provided, but not both"],
      },
      {
        send: `PUT ${THREADS}/close`,
        body: { thread_id: "talk" },
        status: 422,
        errors: ["Either 'project_name' or 'project_id' must be provided"],
      },
    ],
  },
  {
    name: "threads are scored, also before their traces come",
    given: [twoThreads, newIds("late")],
    steps: [
      {
        send: `PUT ${THREADS}/feedback-scores`,
        body: {
          scores: [
            {
              ...PROJECT,
              thread_id: "talk",
              name: "quality",
              value: 0.75,
              source: "sdk",
              reason: "r",
              category_name: "c",
            },
            { ...PROJECT, thread_id: "talk", name: "speed", value: 1, source: "sdk" },
            { ...PROJECT, thread_id: "later", name: "quality", value: 0.25, source: "ui" },
          ],
        },
        status: 204,
      },
      {
        ...RETRIEVE,
        status: 200,
        match: {
          feedback_scores: [
            { name: "quality", value: 0.75, reason: "r", category_name: "c", source: "sdk" },
            { name: "speed", value: 1 },
          ],
        },
      },
      { send: list(), status: 200, match: { total: 2 } },
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "feedback_scores", key: "quality", operator: ">", value: "0.5" }] },
        status: 200,
        lines: ids("talk"),
      },
      {
        send: list({ sorting: '[{"field":"feedback_scores.speed","direction":"ASC"}]' }),
        status: 200,
        match: { content: ids("talk", "chat") },
      },
      {
        send: `POST ${TRACES}`,
        body: { id: "<late>", ...PROJECT, thread_id: "later", start_time: "2026-01-01T00:00:00Z" },
        status: 201,
        answerHeaders: { location: /./ },
      },
      {
        send: `POST ${THREADS}/retrieve`,
        body: { ...PROJECT, thread_id: "later" },
        status: 200,
        match: { feedback_scores: [{ name: "quality", value: 0.25, source: "ui" }] },
      },
      {
        send: `GET ${THREADS}/feedback-scores/names?project_id=<project>`,
        status: 200,
        json: { scores: [{ name: "quality" }, { name: "speed" }] },
      },
      {
        send: `POST ${THREADS}/feedback-scores/delete`,
        body: { ...PROJECT, thread_id: "talk", names: ["quality"] },
        status: 204,
      },
      { ...RETRIEVE, status: 200, match: { feedback_scores: [{ name: "speed" }] } },
    ],
  },
  {
    name: "scores of threads that make no sense are refused",
    steps: [
      {
        send: `PUT ${THREADS}/feedback-scores`,
        body: { scores: [{ ...PROJECT, name: "q", value: 1, source: "sdk" }] },
        status: 422,
        errors: ["scores[0].threadId must not be blank"],
      },
      {
        send: `POST ${THREADS}/feedback-scores/delete`,
        body: {},
        status: 422,
        errors: ["projectName must not be blank", "threadId must not be blank", "names must not be null"],
      },
      {
        send: `POST ${THREADS}/feedback-scores/delete`,
        body: { project_name: "none", thread_id: "none", names: ["q"] },
        status: 204,
      },
      {
        send: `GET ${THREADS}/feedback-scores/names`,
        status: 400,
        errors: ["query param project_id must not be null"],
      },
    ],
  },
  {
    name: "threads have comments and tags",
    given: [twoThreads],
    steps: [
      {
        send: `POST ${THREADS}/<talk>/comments`,
        body: { text: "hm" },
        status: 201,
        answerHeaders: { location: /\/threads\/[0-9a-f-]{36}\/comments\/[0-9a-f-]{36}$/ },
        remember: { comment: idInLocation },
      },
      { ...RETRIEVE, status: 200, match: { comments: [{ id: "<comment>", text: "hm" }] } },
      { send: `GET ${THREADS}/<talk>/comments/<comment>`, status: 200, match: { id: "<comment>", text: "hm" } },
      { send: `PATCH ${THREADS}/comments/<comment>`, body: { text: "oh" }, status: 204 },
      { ...RETRIEVE, status: 200, match: { comments: [{ id: "<comment>", text: "oh" }] } },
      { send: `POST ${THREADS}/comments/delete`, body: { ids: ["<comment>"] }, status: 204 },
      { ...RETRIEVE, status: 200, match: { id: "talk" }, absent: ["comments"] },
      {
        send: `POST ${THREADS}/${UNKNOWN}/comments`,
        body: { text: "x" },
        status: 404,
        message: `thread id: ${UNKNOWN} not found`,
      },
      { send: `PATCH ${THREADS}/<talk>`, body: { tags: ["a", "b"] }, status: 204 },
      { ...RETRIEVE, status: 200, match: { tags: inAnyOrder("a", "b") } },
      {
        send: `PATCH ${THREADS}/batch`,
        body: { ids: ["<talk>", UNKNOWN], update: { tags_to_add: ["c"], tags_to_remove: ["a"] } },
        status: 204,
      },
      { ...RETRIEVE, status: 200, match: { tags: inAnyOrder("b", "c") } },
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "tags", operator: "=", value: "c" }] },
        status: 200,
        lines: ids("talk"),
      },
      {
        send: `PATCH ${THREADS}/${UNKNOWN}`,
        body: { tags: ["a"] },
        status: 404,
        message: `Thread id: ${UNKNOWN} not found`,
      },
      {
        send: `PATCH ${THREADS}/batch`,
        body: {},
        status: 422,
        errors: ["ids must not be null", "ids must not be empty", "update must not be null"],
      },
    ],
  },
  {
    name: "threads are deleted with their traces",
    given: [twoThreads],
    steps: [
      { send: `POST ${THREADS}/delete`, body: { ...PROJECT, thread_ids: ["talk", "none"] }, status: 204 },
      { ...RETRIEVE, status: 404, message: "Thread id: talk not found" },
      { send: `GET ${TRACES}?project_id=<project>`, status: 200, match: { total: 1, content: [{ id: "<three>" }] } },
      { send: `GET ${TRACES}/<one>`, status: 404, message: "Trace id: <one> not found" },
      { send: list(), status: 200, match: { total: 1, content: ids("chat") } },
      {
        send: `POST ${THREADS}/delete`,
        body: { ...PROJECT, thread_ids: [] },
        status: 422,
        errors: ["threadIds size must be between 1 and 1000"],
      },
      {
        send: `POST ${THREADS}/delete`,
        body: { thread_ids: ["talk"] },
        status: 422,
        errors: ["Either 'project_name' or 'project_id' must be provided"],
      },
    ],
  },
];
