import { expectStatus } from "../../../support/pairing.ts";
import type { Arrangement, ConformanceCase, StepRequest } from "../../case.ts";
import { without } from "../../expected.ts";
import { fill } from "../../world.ts";
import { newIds, query } from "../given.ts";

const TRACES = "/v1/private/traces";
const SEARCH = `POST ${TRACES}/search`;
const PROJECT = { project_name: "<projectname>" };

/** `<first>`, `<second>` and `<third>`: traces of `<project>` with a span each, the first the oldest. */
const threeTraces: Arrangement = async (world) => {
  await newIds("first", "second", "third", "span1", "span2", "span3")(world);
  const traces = [
    {
      id: "<first>",
      ...PROJECT,
      name: "Weather agent",
      start_time: "2026-01-01T00:00:01Z",
      end_time: "2026-01-01T00:00:02.5Z",
      input: { question: "rain?" },
      output: { answer: "yes" },
      metadata: { model: "small", nested: { n: 5 } },
      tags: ["red"],
      thread_id: "thread-1",
      environment: "prod",
      source: "sdk",
    },
    {
      id: "<second>",
      ...PROJECT,
      name: "other",
      start_time: "2026-01-01T00:00:03.123456Z",
      metadata: { model: "large", nested: { n: 7 } },
      tags: ["green", "blue"],
      error_info: { exception_type: "ValueError", traceback: "..." },
      source: "experiment",
    },
    { id: "<third>", ...PROJECT, name: "weather report", start_time: "2026-01-01T00:00:04Z" },
  ];
  const spans = ["first", "second", "third"].map((trace, index) => ({
    id: `<span${index + 1}>`,
    ...PROJECT,
    trace_id: `<${trace}>`,
    name: "call",
    type: index === 0 ? "llm" : "tool",
    start_time: "2026-01-01T00:00:01Z",
    usage: { total_tokens: 10 * (index + 1), prompt_tokens: index },
    total_estimated_cost: index,
  }));
  expectStatus(await world.call("POST", `${TRACES}/batch`, { body: fill({ traces }, world) }), 204);
  expectStatus(await world.call("POST", "/v1/private/spans/batch", { body: fill({ spans }, world) }), 204);
};

/** Writes a query. */
function list(parameters: Record<string, string>): string {
  return `GET ${TRACES}?project_id=<project>&${query(parameters)}`;
}

/** Writes a search with filters. */
function search(...filters: object[]): StepRequest {
  return { send: SEARCH, body: { ...PROJECT, filters } };
}

const ids = (...names: string[]): Array<{ id: string }> => names.map((name) => ({ id: `<${name}>` }));

/** Filters, and the traces that meet them. */
const FOUND: ReadonlyArray<[filter: object, ...names: string[]]> = [
  [{ field: "name", operator: "=", key: "", type: "string", value: "WEATHER AGENT" }, "first"],
  [{ field: "name", operator: "contains", value: "weather" }, "third", "first"],
  [{ field: "id", operator: "=", value: "<second>" }, "second"],
  [{ field: "metadata", key: "nested.n", operator: ">", value: "5" }, "second"],
  [{ field: "metadata", key: "model", operator: "!=", value: "large" }, "third", "first"],
  [{ field: "input_json", key: "question", operator: "=", value: "rain?" }, "first"],
  [{ field: "output", operator: "contains", value: '"yes"' }, "first"],
  [{ field: "tags", operator: "=", value: "blue" }, "second"],
  [{ field: "tags", operator: "is_empty", value: "" }, "third"],
  [{ field: "start_time", operator: ">=", value: "2026-01-01T00:00:03.123456Z" }, "third", "second"],
  [{ field: "end_time", operator: "<", value: "2026-01-01T00:00:03Z" }, "first"],
  [{ field: "duration", operator: ">", value: "1499.9" }, "first"],
  [{ field: "error_info", operator: "is_not_empty" }, "second"],
  [{ field: "error_type", operator: "=", value: "valueerror" }, "second"],
  [{ field: "thread_id", operator: "=", value: "thread-1" }, "first"],
  [{ field: "environment", operator: "in", value: "prod,dev" }, "first"],
  [{ field: "source", operator: "=", value: "sdk" }, "third", "first"],
  [{ field: "visibility_mode", operator: "=", value: "default" }, "third", "second", "first"],
  [{ field: "llm_span_count", operator: "=", value: "1" }, "first"],
  [{ field: "total_estimated_cost", operator: ">=", value: "1" }, "third", "second"],
  [{ field: "usage.total_tokens", operator: "<=", value: "20" }, "second", "first"],
  [{ field: "usage.prompt_tokens", operator: "=", value: "2" }, "third"],
  [{ field: "usage.completion_tokens", operator: "=", value: "0" }, "third", "second", "first"],
  [{ field: "custom", key: "metadata.nested.n", operator: "=", value: "7" }, "second"],
  [{ field: "name", operator: "=", value: "nothing" }],
];

/** Fields that lists are sorted by, and the traces in that order. */
const SORTED: ReadonlyArray<[sorting: object, ...names: string[]]> = [
  [{ field: "id", direction: "ASC" }, "first", "second", "third"],
  [{ field: "start_time", direction: "DESC" }, "third", "second", "first"],
  [{ field: "name" }, "first", "second", "third"],
  [{ field: "duration", direction: "ASC" }, "first", "third", "second"],
  [{ field: "usage.total_tokens", direction: "ASC" }, "first", "second", "third"],
  [{ field: "total_estimated_cost", direction: "DESC" }, "third", "second", "first"],
  [{ field: "llm_span_count", direction: "DESC" }, "first", "third", "second"],
  [{ field: "environment", direction: "ASC" }, "first", "third", "second"],
  [{ field: "nothing", direction: "ASC" }, "third", "second", "first"],
];

/** Searching traces [opik 7.10, 7.11]. */
export const traceSearchCases: readonly ConformanceCase[] = [
  {
    name: "a search streams the traces that meet the filters, the newest first",
    given: [threeTraces],
    steps: [
      ...FOUND.map(([filter, ...names]) => ({ ...search(filter), status: 200, lines: ids(...names) })),
      {
        ...search({ field: "name", operator: "contains", value: "e" }, { field: "tags", operator: "=", value: "red" }),
        status: 200,
        lines: ids("first"),
      },
      {
        send: SEARCH,
        body: { project_id: "<project>", filters: null },
        status: 200,
        lines: ids("third", "second", "first"),
      },
    ],
  },
  {
    name: "a search has a limit, and goes on behind the last id",
    given: [threeTraces],
    steps: [
      { send: SEARCH, body: { ...PROJECT, limit: 2 }, status: 200, lines: ids("third", "second") },
      { send: SEARCH, body: { ...PROJECT, limit: 2, last_retrieved_id: "<second>" }, status: 200, lines: ids("first") },
      { send: SEARCH, body: { ...PROJECT, last_retrieved_id: "<first>" }, status: 200, lines: [] },
      {
        send: SEARCH,
        body: { ...PROJECT, limit: 0 },
        status: 422,
        errors: ["limit must be greater than or equal to 1"],
      },
      {
        send: SEARCH,
        body: { ...PROJECT, limit: 2001 },
        status: 422,
        errors: ["limit must be less than or equal to 2000"],
      },
    ],
  },
  {
    name: "a search shows whole traces, or leaves fields out",
    given: [threeTraces],
    steps: [
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "name", operator: "=", value: "weather agent" }] },
        status: 200,
        lines: [
          {
            id: "<first>",
            project_id: "<project>",
            name: "Weather agent",
            input: { question: "rain?" },
            usage: { total_tokens: 10, prompt_tokens: 0 },
            duration: 1500,
            span_count: 1,
          },
        ],
      },
      {
        send: SEARCH,
        body: { ...PROJECT, limit: 1, exclude: ["name", "usage"] },
        status: 200,
        lines: [without("name", "usage")],
      },
    ],
  },
  {
    name: "a search that makes no sense is refused by name",
    steps: [
      {
        send: SEARCH,
        body: {},
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
      { send: SEARCH, body: { project_name: "<unknown>" }, status: 404, message: "Project name: <unknown> not found" },
      { send: SEARCH, body: { project_id: "<unknown>" }, status: 404, message: "Project id: <unknown> not found" },
      {
        ...search({ field: "nothing", operator: "=", value: "x" }),
        status: 400,
        message:
          /^Unable to process JSON\. Cannot deserialize value of type `com\.comet\.opik\.api\.filter\.TraceField` from String "nothing"/,
      },
      {
        ...search({ field: "name", operator: "like", value: "x" }),
        status: 400,
        message: /^Unable to process JSON\. Cannot construct instance of .*Unknown Operator 'like'/,
      },
      {
        ...search({ field: "duration", operator: "contains", value: "1" }),
        status: 400,
        message: "Invalid operator 'contains' for field 'duration' of type 'NUMBER'",
      },
      {
        ...search({ field: "start_time", operator: ">", value: "today" }),
        status: 400,
        message: "Invalid value 'today' or key 'null' for field 'start_time' of type 'DATE_TIME'",
      },
      {
        send: SEARCH,
        body: { ...PROJECT, from_time: "2026-01-02T00:00:00Z", to_time: "2026-01-01T00:00:00Z" },
        status: 400,
        message: "Parameter 'from_time' must be before 'to_time'",
      },
    ],
  },
  {
    name: "a list has the traces that meet the filters, and counts them",
    given: [threeTraces],
    steps: [
      {
        send: list({ filters: '[{"field":"name","operator":"contains","value":"weather"}]', size: "1" }),
        status: 200,
        match: { page: 1, size: 1, total: 2, content: ids("third") },
      },
      {
        send: list({ filters: '[{"field":"name","operator":"contains","value":"weather"}]', size: "1", page: "2" }),
        status: 200,
        match: { page: 2, size: 1, total: 2, content: ids("first") },
      },
      { send: list({ search: "GREEN" }), status: 200, match: { total: 1, content: ids("second") } },
      { send: list({ search: "thread-" }), status: 200, match: { total: 1, content: ids("first") } },
      { send: list({ search: "traceback" }), status: 200, match: { total: 1, content: ids("second") } },
      { send: list({ filters: "" }), status: 200, match: { total: 3 } },
      {
        send: list({ filters: '[{"field":"nothing"}]' }),
        status: 400,
        message: `Invalid filters query parameter '[{"field":"nothing"}]'`,
      },
    ],
  },
  {
    name: "a list is sorted by the first field of the sorting",
    given: [threeTraces],
    steps: [
      ...SORTED.map(([sorting, ...names]) => ({
        send: list({ sorting: JSON.stringify([sorting, { field: "id", direction: "ASC" }]) }),
        status: 200,
        match: { total: 3, content: ids(...names) },
      })),
      { send: list({ sorting: "{}" }), status: 400, message: "Invalid sorting query parameter '{}'" },
    ],
  },
  {
    name: "a list leaves fields out",
    given: [threeTraces],
    steps: [
      {
        send: list({ exclude: '["name","tags","metadata"]', search: "blue" }),
        status: 200,
        match: { content: [{ id: "<second>", source: "experiment" }] },
      },
      {
        send: list({ exclude: '["name","tags","metadata"]', search: "blue" }),
        status: 200,
        match: { total: 1, content: [without("name", "tags", "metadata")] },
      },
      { send: list({ exclude: '["id"]' }), status: 400, message: `Invalid query param exclude '["id"]'` },
      { send: list({ exclude: "name" }), status: 400, message: "Invalid query param exclude 'name'" },
    ],
  },
  {
    name: "a list can be limited to a span of time, by the times in the ids",
    given: [
      async (world) => {
        world.things.set("early", "01941f29-7c00-7000-8000-000000000001");
        world.things.set("late", "01941f29-7fe8-7000-8000-000000000001");
        const traces = ["<early>", "<late>"].map((id) => ({ id, ...PROJECT, start_time: "2020-01-01T00:00:00Z" }));
        expectStatus(await world.call("POST", `${TRACES}/batch`, { body: fill({ traces }, world) }), 204);
      },
    ],
    steps: [
      { send: list({ from_time: "2025-01-01T00:00:00.001Z" }), status: 200, match: { total: 1, content: ids("late") } },
      { send: list({ to_time: "2025-01-01T00:00:00Z" }), status: 200, match: { total: 1, content: ids("early") } },
      {
        send: list({ from_time: "2025-01-01T00:00:00Z", to_time: "2025-01-01T00:00:01Z" }),
        status: 200,
        match: { total: 2, content: ids("late", "early") },
      },
      {
        send: SEARCH,
        body: { ...PROJECT, from_time: "2025-01-01T00:00:00.5Z", to_time: "2025-01-01T00:00:01Z" },
        status: 200,
        lines: ids("late"),
      },
      {
        send: list({ from_time: "2025-01-01T00:00:01Z", to_time: "2025-01-01T00:00:01Z" }),
        status: 400,
        message: "Parameter 'from_time' must be before 'to_time'",
      },
      { send: list({ from_time: "today" }), status: 400, message: "Invalid query param from_time 'today'" },
    ],
  },
  {
    name: "long input and output are cut, and images are replaced, when the client asks for that",
    given: [newIds("trace")],
    steps: [
      {
        send: `POST ${TRACES}`,
        body: {
          id: "<trace>",
          ...PROJECT,
          start_time: "2026-01-01T00:00:00Z",
          input: { text: "x".repeat(10_001) },
          output: { image: "data:image/png;base64,iVBORw0KGgo=" },
        },
        status: 201,
        answerHeaders: { location: /./ },
      },
      {
        send: list({ truncate: "true" }),
        status: 200,
        match: { content: [{ input: `{"text":"${"x".repeat(9_992)}`, output: { image: "[image]" } }] },
      },
      {
        send: list({}),
        status: 200,
        match: {
          content: [{ input: { text: "x".repeat(10_001) }, output: { image: "data:image/png;base64,iVBORw0KGgo=" } }],
        },
      },
      { send: SEARCH, body: PROJECT, status: 200, lines: [{ output: { image: "[image]" } }] },
      {
        send: SEARCH,
        body: { ...PROJECT, truncate: false },
        status: 200,
        lines: [{ input: { text: "x".repeat(10_001) } }],
      },
    ],
  },
];
