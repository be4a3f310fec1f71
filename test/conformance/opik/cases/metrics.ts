import { randomBytes } from "node:crypto";
import { uuidsAt } from "../../../../src/core/ids.ts";
import { expectStatus } from "../../../support/pairing.ts";
import type { Arrangement, ConformanceCase, Step } from "../../case.ts";
import { fill } from "../../world.ts";
import { query } from "../given.ts";

const PRIVATE = "/v1/private";
const PROJECT = { project_name: "<projectname>" };
const [DAY_BEFORE, DAY, NEXT_DAY] = ["2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"];

/** The id of something that was made at a time. */
function idAt(time: string): string {
  return uuidsAt(Date.parse(time)).first.slice(0, -12) + randomBytes(6).toString("hex");
}

/**
 * `<before>` on Sunday and `<early>` and `<late>` on Monday: traces of `<project>`, of which the last has failed and not
 * ended, the others have a span `<spanofbefore>` and `<spanofearly>`, scores and costs; those of Monday are one thread.
 */
const threeTraces: Arrangement = async (world) => {
  const made = { before: "2026-01-04T23:30:00Z", early: "2026-01-05T01:10:00Z", late: "2026-01-05T03:50:00Z" };
  for (const [name, time] of Object.entries(made)) {
    world.things.set(name, idAt(time));
    world.things.set(`spanof${name}`, idAt(time));
  }
  const ended = (start_time: string, seconds: number): object => ({
    start_time,
    end_time: new Date(Date.parse(start_time) + seconds * 1_000).toISOString(),
  });
  const traces = [
    { id: "<before>", ...PROJECT, name: "a", ...ended(made.before, 4) },
    {
      id: "<early>",
      ...PROJECT,
      name: "a",
      thread_id: "chat",
      tags: ["x", "y"],
      metadata: { version: "one" },
      ...ended(made.early, 2),
    },
    {
      id: "<late>",
      ...PROJECT,
      name: "b",
      thread_id: "chat",
      start_time: made.late,
      error_info: { exception_type: "E", traceback: "t" },
    },
  ];
  const usage = { prompt_tokens: 3, total_tokens: 5 };
  const spans = [
    { id: "<spanofbefore>", trace_id: "<before>", ...PROJECT, total_estimated_cost: 0.25, ...ended(made.before, 3) },
    {
      id: "<spanofearly>",
      trace_id: "<early>",
      ...PROJECT,
      type: "llm",
      model: "large",
      provider: "house",
      usage,
      total_estimated_cost: 0.5,
      ...ended(made.early, 1),
    },
  ];
  const send = async (method: string, path: string, body: object): Promise<void> => {
    expectStatus(await world.call(method, PRIVATE + path, { body: fill(body, world) }), 204);
  };
  await send("POST", "/traces/batch", { traces });
  await send("POST", "/spans/batch", { spans });
  await send("PUT", "/traces/feedback-scores", {
    scores: [
      { id: "<before>", ...PROJECT, name: "quality", value: 0.5, source: "sdk" },
      { id: "<early>", ...PROJECT, name: "quality", value: 1, source: "sdk" },
      { id: "<late>", ...PROJECT, name: "style", value: 0.25, source: "sdk" },
    ],
  });
  await send("PUT", "/spans/feedback-scores", {
    scores: [{ id: "<spanofearly>", ...PROJECT, name: "speed", value: 0.75, source: "sdk" }],
  });
  await send("PUT", "/traces/threads/feedback-scores", {
    scores: [{ thread_id: "chat", ...PROJECT, name: "mood", value: 0.5, source: "sdk" }],
  });
};

const count = (name: string, value: number): object => ({ name, value, type: "COUNT" });
const average = (name: string, value: number): object => ({ name, value, type: "AVG" });
const card = (type: string, current_value: number | null, previous_value: number | null): object => ({
  type,
  current_value,
  previous_value,
});

/** The cards of Monday and Sunday. */
function cards(entity_type: string, stats: readonly object[], more: object = {}): Step {
  const body = { entity_type, interval_start: DAY, interval_end: NEXT_DAY, ...more };
  return { send: `POST ${PRIVATE}/projects/<project>/kpi-cards`, body, status: 200, json: { stats } };
}

type Curves = Readonly<Record<string, ReadonlyArray<readonly [time: string, value: number | null]>>>;

const resultsOf = (curves: Curves): object[] =>
  Object.entries(curves).map(([name, points]) => ({ name, data: points.map(([time, value]) => ({ time, value })) }));

/** A metric by days, of Sunday and Monday. */
function daily(metric_type: string, curves: Curves, more: object = {}): Step {
  const request = { metric_type, interval: "DAILY", interval_start: DAY_BEFORE, interval_end: NEXT_DAY, ...more };
  const { metric_type: type, interval } = request;
  return {
    send: `POST ${PRIVATE}/projects/<project>/metrics`,
    body: request,
    status: 200,
    json: { project_id: "<project>", metric_type: type, interval, results: resultsOf(curves) },
  };
}

/** Two days of a curve. */
const days = (name: string, sunday: number | null, monday: number | null): Curves => ({
  [name]: [
    [DAY_BEFORE, sunday],
    [DAY, monday],
  ],
});

const LONG_AGO = "2020-01-01T00:00:00Z";
const ALWAYS = { interval: "TOTAL", interval_start: LONG_AGO, interval_end: "2100-01-01T00:00:00Z" };

/** A metric of threads, whose models are made when the server gets them: all of the time at once. */
const ofThreads = (metric_type: string, values: Readonly<Record<string, number | null>>): Step =>
  daily(
    metric_type,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [[LONG_AGO, value] as const]])),
    ALWAYS,
  );

/** A metric by days, split by a field. */
const split = (metric_type: string, field: string, curves: Curves, more: object = {}): Step =>
  daily(metric_type, curves, { breakdown: { field, ...more } });

const refusedSplit = (metric_type: string, breakdown: object, ...errors: string[]): Step => ({
  send: `POST ${PRIVATE}/projects/<project>/metrics`,
  body: { metric_type, interval: "DAILY", interval_start: DAY, breakdown },
  status: 422,
  errors,
});

const SPANS = `POST ${PRIVATE}/workspaces/metrics/spans`;

/** Tokens of spans of the workspace by days. */
const tokensOfSpans = (curves: Curves, more: object = {}): Step => ({
  send: SPANS,
  body: {
    metric_type: "SPAN_TOKEN_USAGE",
    interval: "DAILY",
    interval_start: DAY_BEFORE,
    interval_end: NEXT_DAY,
    ...more,
  },
  status: 200,
  json: { results: resultsOf(curves) },
});

const refusedSpans = (more: object, message: string): Step => ({
  send: SPANS,
  body: { metric_type: "SPAN_TOKEN_USAGE", interval: "DAILY", interval_start: DAY, ...more },
  status: 400,
  message,
});

/** Twelve traces, each of a name of its own, on one day; the last name has two. */
const twelveNames: Arrangement = async (world) => {
  const traces = Array.from({ length: 13 }, (_, index) => ({
    id: idAt("2026-01-05T02:00:00Z"),
    ...PROJECT,
    name: `name ${String(Math.min(index, 11)).padStart(2, "0")}`,
    start_time: "2026-01-05T02:00:00Z",
  }));
  expectStatus(await world.call("POST", `${PRIVATE}/traces/batch`, { body: fill({ traces }, world) }), 204);
};

const monday = (name: string, value: number): Curves => ({ [name]: [[DAY, value]] });
const sunday = (name: string, value: number): Curves => ({ [name]: [[DAY_BEFORE, value]] });

const NO_START = ["intervalStart must not be null"];

/** Metrics of projects and workspaces over time [opik 7.18]. */
export const metricCases: readonly ConformanceCase[] = [
  {
    name: "statistics of threads count them and average what their traces have",
    given: [threeTraces],
    steps: [
      {
        send: `GET ${PRIVATE}/traces/threads/stats?project_id=<project>`,
        status: 200,
        json: {
          stats: [
            count("thread_count", 1),
            { name: "duration", value: { p50: 2_000, p90: 2_000, p99: 2_000 }, type: "PERCENTAGE" },
            count("input", 0),
            count("output", 0),
            count("metadata", 0),
            average("tags", 0),
            average("total_estimated_cost", 0.5),
            average("total_estimated_cost_sum", 0.5),
            average("usage.prompt_tokens", 3),
            average("usage.total_tokens", 5),
            average("feedback_scores.mood", 0.5),
            count("error_count", 0),
          ],
        },
      },
      {
        send: `GET ${PRIVATE}/traces/threads/stats?project_id=<project>&${query({ filters: '[{"field":"id","operator":"=","value":"other"}]' })}`,
        status: 200,
        match: { stats: [count("thread_count", 0), {}, {}, {}, {}, {}, {}, {}, {}] },
      },
      {
        send: `GET ${PRIVATE}/traces/threads/stats?project_name=<unknown>`,
        status: 404,
        message: "Project name: <unknown> not found",
      },
    ],
  },
  {
    name: "KPI cards compare a span of time with the one before it",
    given: [threeTraces],
    steps: [
      cards("traces", [
        card("count", 2, 1),
        card("avg_duration", 2_000, 4_000),
        card("total_cost", 0.5, 0.25),
        card("errors", 50, 0),
      ]),
      cards("SPANS", [
        card("count", 1, 1),
        card("avg_duration", 1_000, 3_000),
        card("total_cost", 0.5, 0.25),
        card("errors", 0, 0),
      ]),
      cards(
        "traces",
        [card("count", 1, 0), card("avg_duration", null, null), card("total_cost", 0, 0), card("errors", 100, 0)],
        {
          filters: '[{"field":"name","operator":"=","value":"b"}]',
        },
      ),
      cards("threads", [card("count", 1, 0), card("avg_duration", 2_000, null), card("total_cost", 0.5, 0)], {
        interval_start: "2020-01-01T00:00:00Z",
        interval_end: "2100-01-01T00:00:00Z",
      }),
      {
        send: `POST ${PRIVATE}/projects/<unknown>/kpi-cards`,
        body: { entity_type: "spans", interval_start: "2026-01-01T00:00:00Z", interval_end: NEXT_DAY },
        status: 200,
        json: {
          stats: [
            card("count", 0, 0),
            card("avg_duration", null, null),
            card("total_cost", 0, 0),
            card("errors", 0, 0),
          ],
        },
      },
      {
        send: `POST ${PRIVATE}/projects/<project>/kpi-cards`,
        body: { entity_type: "traces", interval_start: NEXT_DAY, interval_end: DAY },
        status: 422,
        errors: ["startBeforeEnd intervalStart must be before intervalEnd or current time"],
      },
      {
        send: `POST ${PRIVATE}/projects/<project>/kpi-cards`,
        body: { entity_type: "traces", interval_start: "2999-01-01T00:00:00Z" },
        status: 422,
        errors: ["startBeforeEnd intervalStart must be before intervalEnd or current time"],
      },
      {
        send: `POST ${PRIVATE}/projects/<project>/kpi-cards`,
        body: {},
        status: 422,
        errors: ["entityType must not be null", ...NO_START],
      },
      {
        send: `POST ${PRIVATE}/projects/<project>/kpi-cards`,
        body: { entity_type: "traces", interval_start: DAY, interval_end: NEXT_DAY, filters: "x" },
        status: 400,
        message: "Invalid filters query parameter 'x'",
      },
    ],
  },
  {
    name: "metrics of traces are reported by days",
    given: [threeTraces],
    steps: [
      daily("TRACE_COUNT", days("traces", 1, 2)),
      daily("COST", days("cost", 0.25, 0.5)),
      daily("TOKEN_USAGE", { ...days("prompt_tokens", 0, 3), ...days("total_tokens", 0, 5) }),
      daily("FEEDBACK_SCORES", { ...days("quality", 0.5, 1), ...days("style", null, 0.25) }),
      daily("DURATION", {
        ...days("duration.p50", 4_000, 2_000),
        ...days("duration.p90", 4_000, 2_000),
        ...days("duration.p99", 4_000, 2_000),
      }),
      daily("TRACE_AVERAGE_DURATION", days("trace_average_duration", 4_000, 2_000)),
      daily("TRACE_ERROR_RATE", days("trace_error_rate", 0, 50)),
      daily("GUARDRAILS_FAILED_COUNT", days("failed", 0, 0)),
      daily("TRACE_COUNT", days("traces", 0, 1), { trace_filters: [{ field: "name", operator: "=", value: "b" }] }),
    ],
  },
  {
    name: "metrics of spans are reported by days",
    given: [threeTraces],
    steps: [
      daily("SPAN_COUNT", days("spans", 1, 1)),
      daily("SPAN_COST", days("span_cost", 0.25, 0.5)),
      daily("SPAN_TOKEN_USAGE", { ...days("prompt_tokens", 0, 3), ...days("total_tokens", 0, 5) }),
      daily("SPAN_FEEDBACK_SCORES", days("speed", null, 0.75)),
      daily("SPAN_DURATION", {
        ...days("span_duration.p50", 3_000, 1_000),
        ...days("span_duration.p90", 3_000, 1_000),
        ...days("span_duration.p99", 3_000, 1_000),
      }),
      daily("SPAN_AVERAGE_DURATION", days("span_average_duration", 3_000, 1_000)),
      daily("SPAN_ERROR_RATE", days("span_error_rate", 0, 0)),
      daily("SPAN_COUNT", days("spans", 0, 1), {
        span_filters: [{ field: "total_estimated_cost", operator: ">", value: "0.3" }],
      }),
    ],
  },
  {
    name: "metrics of threads are reported by the time of their models",
    given: [threeTraces],
    steps: [
      ofThreads("THREAD_COUNT", { threads: 1 }),
      ofThreads("THREAD_COST", { thread_cost: 0.5 }),
      ofThreads("THREAD_FEEDBACK_SCORES", { mood: 0.5 }),
      ofThreads("THREAD_DURATION", {
        "thread_duration.p50": 2_000,
        "thread_duration.p90": 2_000,
        "thread_duration.p99": 2_000,
      }),
      ofThreads("THREAD_AVERAGE_DURATION", { thread_average_duration: 2_000 }),
      daily(
        "THREAD_COUNT",
        {},
        {
          ...ALWAYS,
          thread_filters: [{ field: "id", operator: "=", value: "other" }],
        },
      ),
    ],
  },
  {
    name: "metrics have parts of hours and weeks, and the whole as one",
    given: [threeTraces],
    steps: [
      daily(
        "TRACE_COUNT",
        {
          traces: [
            ["2026-01-05T01:00:00Z", 1],
            ["2026-01-05T02:00:00Z", 0],
            ["2026-01-05T03:00:00Z", 1],
          ],
        },
        { interval: "HOURLY", interval_start: "2026-01-05T01:05:00Z", interval_end: "2026-01-05T03:55:00.5Z" },
      ),
      daily(
        "TRACE_AVERAGE_DURATION",
        {
          trace_average_duration: [
            ["2025-12-29T00:00:00Z", 4_000],
            ["2026-01-05T00:00:00Z", 2_000],
            ["2026-01-12T00:00:00Z", null],
          ],
        },
        { interval: "WEEKLY", interval_start: "2026-01-02T00:00:00Z", interval_end: "2026-01-13T00:00:00Z" },
      ),
      daily(
        "DURATION",
        {
          "duration.p50": [["2026-01-02T00:00:00Z", 3_000]],
          "duration.p90": [["2026-01-02T00:00:00Z", 3_800]],
          "duration.p99": [["2026-01-02T00:00:00Z", 3_980]],
        },
        { interval: "TOTAL", interval_start: "2026-01-02T00:00:00Z" },
      ),
      daily("TRACE_COUNT", {}, { interval: "TOTAL", interval_start: DAY_BEFORE, interval_end: "2026-01-04T01:00:00Z" }),
    ],
  },
  {
    name: "a metric needs its type, its parts and its beginning",
    steps: [
      {
        send: `POST ${PRIVATE}/projects/<project>/metrics`,
        body: {},
        status: 422,
        errors: ["metricType must not be null", "interval must not be null", ...NO_START],
      },
      {
        send: `POST ${PRIVATE}/projects/<project>/metrics`,
        body: { metric_type: "OTHER", interval: "DAILY", interval_start: DAY },
        status: 400,
        message: /^Unable to process JSON\. .*OTHER was not one of \[FEEDBACK_SCORES, /,
      },
      {
        send: `POST ${PRIVATE}/projects/<unknown>/metrics`,
        body: { metric_type: "COST", interval: "DAILY", interval_start: DAY },
        status: 404,
        errors: ["Project not found"],
      },
    ],
    ours: "the real server's words are not known",
  },
  {
    name: "a metric is split by a field of traces, the greatest group first",
    given: [threeTraces],
    steps: [
      split("TRACE_COUNT", "name", { ...days("a", 1, 1), ...monday("b", 1) }),
      split("TRACE_COUNT", "Tags", { ...days("Unknown", 1, 1), ...monday("x", 1), ...monday("y", 1) }),
      split("TRACE_COUNT", "metadata", { ...days("", 1, 1), ...monday("one", 1) }, { metadata_key: "version" }),
      split("TRACE_COUNT", "error_info", { ...days("No Error", 1, 1), ...monday("Has Error", 1) }),
      split("TRACE_COUNT", "error_type", { ...days("No Error", 1, 1), ...monday("E", 1) }),
      split("COST", "name", { ...days("a", 0.25, 0.5), ...monday("b", 0) }),
      split("DURATION", "name", { ...days("a", 4_000, 2_000), ...monday("b", 0) }, { sub_metric: "P90" }),
      split("TOKEN_USAGE", "name", monday("a", 5), { sub_metric: "total_tokens" }),
      split("FEEDBACK_SCORES", "name", days("a", 0.5, 1), { sub_metric: "quality" }),
      split("GUARDRAILS_FAILED_COUNT", "name", {}),
      daily("TRACE_COUNT", days("traces", 1, 2), { breakdown: { field: "none" } }),
      daily("TRACE_COUNT", days("traces", 1, 2), { breakdown: {} }),
    ],
  },
  {
    name: "a metric is split by a field of spans and of threads",
    given: [threeTraces],
    steps: [
      split("SPAN_COUNT", "model", { ...sunday("Unknown", 1), ...monday("large", 1) }),
      split("SPAN_COUNT", "provider", { ...sunday("Unknown", 1), ...monday("house", 1) }),
      split("SPAN_COUNT", "type", { ...monday("llm", 1), ...sunday("unknown", 1) }),
      split("SPAN_DURATION", "type", { ...sunday("unknown", 3_000), ...monday("llm", 1_000) }, { sub_metric: "p50" }),
      split("SPAN_FEEDBACK_SCORES", "model", monday("large", 0.75), { sub_metric: "speed" }),
      split("SPAN_TOKEN_USAGE", "model", monday("large", 3), { sub_metric: "prompt_tokens" }),
      daily("THREAD_COUNT", { Unknown: [[LONG_AGO, 1]] }, { ...ALWAYS, breakdown: { field: "tags" } }),
    ],
  },
  {
    name: "all groups but the ten greatest are one",
    given: [twelveNames],
    steps: [
      split("TRACE_COUNT", "name", {
        ...monday("name 11", 2),
        ...Object.assign({}, ...Array.from({ length: 9 }, (_, index) => monday(`name 0${index}`, 1))),
        __others__: [
          [DAY, 1],
          [DAY, 1],
        ],
      }),
    ],
  },
  {
    name: "what is said of groups is checked",
    steps: [
      refusedSplit(
        "COST",
        { field: "metadata" },
        "breakdown metadata_key is required when group by field is 'metadata'",
      ),
      refusedSplit(
        "COST",
        { field: "model" },
        "breakdown Group by field 'model' is not compatible with metric type 'COST'. This field supports Span metrics only.",
      ),
      refusedSplit(
        "THREAD_COUNT",
        { field: "name" },
        "breakdown Group by field 'name' is not compatible with metric type 'THREAD_COUNT'. This field supports Trace and Span metrics.",
      ),
      refusedSplit(
        "TRACE_ERROR_RATE",
        { field: "tags" },
        "breakdown Group by field 'tags' is not compatible with metric type 'TRACE_ERROR_RATE'. This field supports Trace, Span, and Thread metrics.",
      ),
      refusedSplit(
        "DURATION",
        { field: "name" },
        "breakdown.subMetric sub_metric is required for duration metrics with breakdown. Valid values: p50, p90, p99",
      ),
      refusedSplit(
        "DURATION",
        { field: "name", sub_metric: "p1" },
        "breakdown.subMetric Invalid sub_metric 'p1'. Valid values: p50, p90, p99",
      ),
      refusedSplit(
        "FEEDBACK_SCORES",
        { field: "name" },
        "breakdown.subMetric sub_metric is required for feedback scores metrics with breakdown. It should be the feedback score name.",
      ),
      refusedSplit(
        "TOKEN_USAGE",
        { field: "name" },
        "breakdown.subMetric sub_metric is required for token usage metrics with breakdown. It should be the usage key name (e.g., completion_tokens, prompt_tokens).",
      ),
    ],
  },
  {
    name: "the tokens of spans of a workspace are those of its projects together",
    alone: true,
    given: [threeTraces],
    steps: [
      tokensOfSpans({ ...days("prompt_tokens", 0, 3), ...days("total_tokens", 0, 5) }),
      tokensOfSpans({ ...days("prompt_tokens", 0, 3), ...days("total_tokens", 0, 5) }, { project_ids: ["<project>"] }),
      tokensOfSpans(monday("large", 5), { breakdown: { field: "model", sub_metric: "total_tokens" } }),
      tokensOfSpans({}, { filters: [{ field: "model", operator: "=", value: "small" }] }),
      tokensOfSpans({}, { project_ids: ["<unknown>"] }),
    ],
  },
  {
    name: "what is said of spans of a workspace is checked",
    steps: [
      refusedSpans({ metric_type: null }, "'metric_type' must be provided"),
      refusedSpans({ interval: null }, "'interval' must be provided"),
      refusedSpans({ metric_type: "COST" }, "Unsupported metric type 'COST'. Supported: [SPAN_TOKEN_USAGE]"),
      refusedSpans({ breakdown: { field: "metadata" } }, "metadata_key is required when group by field is 'metadata'"),
      refusedSpans(
        { breakdown: { field: "type" } },
        "'sub_metric' is required for token usage breakdown. It should be the usage key name (e.g., completion_tokens, prompt_tokens).",
      ),
      { send: SPANS, body: { metric_type: "COST" }, status: 422, errors: NO_START },
      {
        send: SPANS,
        body: { interval_start: NEXT_DAY, interval_end: DAY },
        status: 422,
        errors: ["startBeforeEnd intervalStart must be before intervalEnd"],
      },
    ],
  },
  {
    name: "very many parts of metrics are refused",
    ours: "the real server serves them",
    steps: [
      {
        send: `POST ${PRIVATE}/projects/<project>/metrics`,
        body: { metric_type: "COST", interval: "HOURLY", interval_start: "1999-01-01T00:00:00Z", interval_end: DAY },
        status: 400,
        message: "The interval has more than 50000 parts",
      },
    ],
  },
  {
    name: "the metrics of a project have the tokens of its spans",
    given: [threeTraces],
    steps: [
      {
        send: `GET ${PRIVATE}/projects/<project>/token-usage/names`,
        status: 200,
        json: { names: ["prompt_tokens", "total_tokens"] },
      },
      { send: `GET ${PRIVATE}/projects/<unknown>/token-usage/names`, status: 404, errors: ["Project not found"] },
    ],
  },
  {
    name: "the kinds of tokens of a workspace are those of the spans of its projects",
    alone: true,
    given: [threeTraces],
    steps: [
      {
        send: `POST ${PRIVATE}/workspaces/token-usage/names`,
        body: {},
        status: 200,
        json: { names: ["prompt_tokens", "total_tokens"] },
      },
      {
        send: `POST ${PRIVATE}/workspaces/token-usage/names`,
        body: { project_ids: ["<unknown>"] },
        status: 200,
        json: { names: [] },
      },
    ],
  },
  {
    name: "the scores and costs of a workspace are summarized",
    alone: true,
    given: [threeTraces],
    steps: [
      {
        send: `POST ${PRIVATE}/workspaces/metrics/summaries`,
        body: { interval_start: DAY, interval_end: NEXT_DAY },
        status: 200,
        json: {
          results: [
            { name: "quality", current: 1, previous: 0.5 },
            { name: "style", current: 0.25, previous: null },
          ],
        },
      },
      {
        send: `POST ${PRIVATE}/workspaces/metrics/summaries`,
        body: { project_ids: ["<unknown>"], interval_start: DAY, interval_end: NEXT_DAY },
        status: 200,
        json: { results: [] },
      },
      {
        send: `POST ${PRIVATE}/workspaces/costs/summaries`,
        body: { project_ids: ["<project>"], interval_start: DAY, interval_end: NEXT_DAY },
        status: 200,
        json: { name: "cost", current: 0.5, previous: 0.25 },
      },
      {
        send: `POST ${PRIVATE}/workspaces/costs/summaries`,
        body: { interval_start: NEXT_DAY, interval_end: DAY },
        status: 422,
        errors: ["startBeforeEnd intervalStart must be before intervalEnd"],
      },
      {
        send: `POST ${PRIVATE}/workspaces/metrics/summaries`,
        body: {},
        status: 422,
        errors: [...NO_START, "intervalEnd must not be null"],
      },
    ],
  },
  {
    name: "the scores and costs of a workspace are reported by days",
    alone: true,
    given: [threeTraces],
    steps: [
      {
        send: `POST ${PRIVATE}/workspaces/metrics`,
        body: { name: "quality", interval_start: "2026-01-03T00:00:00Z", interval_end: NEXT_DAY },
        status: 200,
        json: {
          results: resultsOf({
            quality: [
              ["2026-01-03T00:00:00Z", null],
              [DAY_BEFORE, 0.5],
              [DAY, 1],
            ],
          }),
        },
      },
      {
        send: `POST ${PRIVATE}/workspaces/costs`,
        body: { project_ids: ["<project>"], interval_start: DAY_BEFORE, interval_end: NEXT_DAY },
        status: 200,
        json: { results: [{ project_id: "<project>", ...resultsOf(days("cost", 0.25, 0.5))[0] }] },
      },
      {
        send: `POST ${PRIVATE}/workspaces/metrics`,
        body: { name: "other", project_ids: ["<project>"], interval_start: DAY, interval_end: NEXT_DAY },
        status: 200,
        json: { results: [] },
      },
      {
        send: `POST ${PRIVATE}/workspaces/metrics`,
        body: { interval_start: DAY, interval_end: NEXT_DAY },
        status: 400,
        message: "For metrics request, name must be provided",
      },
    ],
  },
];
