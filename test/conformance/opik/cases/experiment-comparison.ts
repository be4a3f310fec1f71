import type { ConformanceCase, Step } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { dataset, datasetItems, endedTrace, experiment, experimentItem, newIds, query } from "../given.ts";

const COMPARISON = "/v1/private/datasets/<dataset>/items/experiments/items";
const OF_BOTH = "experiment_ids=[%22<experiment>%22,%22<second>%22]";
const OF_ONE = "experiment_ids=[%22<experiment>%22]";
const AUTHORS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const COLUMNS = [{ name: "q", types: ["string"], filter_field_prefix: "data", filter_field: "data.q" }];

/** What an item of a dataset may have. */
const ALL = {
  description: "Mine",
  tags: ["a"],
  evaluators: [{ name: "judge", type: "llm_judge", config: { a: 1 } }],
  execution_policy: { runs_per_item: 3, pass_threshold: 2 },
};

/** Assertions on `<trace>`, the first of which passes. */
const assertions = (...passes: boolean[]): Step => ({
  send: "PUT /v1/private/assertion-results",
  body: {
    entity_type: "TRACE",
    assertion_results: passes.map((isPassed, index) => ({
      entity_id: "<trace>",
      project_name: "<projectname>",
      name: `assertion ${index}`,
      status: isPassed ? "passed" : "failed",
      reason: "because",
      source: "sdk",
    })),
  },
  status: 204,
});

/** Asks for the items that a parameter finds, in this order. */
const found = (parameter: string, value: unknown, ...items: string[]): Step => ({
  send: `GET ${COMPARISON}?${OF_ONE}&${query({ [parameter]: typeof value === "string" ? value : JSON.stringify(value) })}`,
  status: 200,
  match: {
    total: items.length,
    content: items.map((id) => ({ id: `<${id}>`, experiment_items: [{ dataset_item_id: `<${id}>` }] })),
  },
});

/** Items of a dataset with those of experiments that ran them [opik 11.3]. */
export const experimentComparisonCases: readonly ConformanceCase[] = [
  {
    name: "an item of a dataset is shown with those of the experiments that ran it",
    given: [
      dataset(),
      datasetItems("one", "two"),
      experiment(),
      endedTrace(),
      experimentItem("run", "one", "trace", { execution_policy: { runs_per_item: 1, pass_threshold: 1 } }),
    ],
    steps: [
      assertions(true, false),
      {
        send: `GET ${COMPARISON}?${OF_ONE}&truncate=false`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [
            {
              id: "<one>",
              dataset_item_id: "<one>",
              source: "sdk",
              data: { q: "one" },
              dataset_id: "<dataset>",
              ...AUTHORS,
              experiment_items: [
                {
                  id: "<run>",
                  experiment_id: "<experiment>",
                  dataset_item_id: "<one>",
                  trace_id: "<trace>",
                  project_id: "<project>",
                  ...AUTHORS,
                  input: { q: "trace" },
                  output: { a: 1 },
                  trace_metadata: { m: 1 },
                  total_estimated_cost: 0.25,
                  duration: 1500,
                  usage: { total_tokens: 3 },
                  trace_visibility_mode: "default",
                  execution_policy: { runs_per_item: 1, pass_threshold: 1 },
                  assertion_results: [
                    { value: "assertion 0", passed: true, reason: "because" },
                    { value: "assertion 1", passed: false, reason: "because" },
                  ],
                  status: "failed",
                },
              ],
              run_summaries_by_experiment: { "<experiment>": { passed_runs: 0, total_runs: 1, status: "failed" } },
            },
          ],
          columns: COLUMNS,
          sortable_by: [],
        },
      },
    ],
  },
  {
    name: "all that an item of a dataset and its trace can have is compared",
    given: [dataset(), experiment(), newIds("one", "group", "span"), endedTrace(), experimentItem()],
    steps: [
      {
        send: "PUT /v1/private/datasets/items",
        body: {
          dataset_id: "<dataset>",
          items: [{ id: "<one>", source: "span", trace_id: "<trace>", span_id: "<span>", data: { q: "one" }, ...ALL }],
        },
        status: 204,
      },
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: { scores: [{ id: "<trace>", name: "quality", value: 0.5, source: "sdk" }] },
        status: 204,
      },
      { send: "POST /v1/private/traces/<trace>/comments", body: { text: "why?" }, status: 201 },
      {
        send: `GET ${COMPARISON}?${OF_ONE}`,
        status: 200,
        match: {
          content: [
            {
              id: "<one>",
              trace_id: "<trace>",
              span_id: "<span>",
              ...ALL,
              experiment_items: [
                { id: "<run>", feedback_scores: [{ name: "quality", value: 0.5 }], comments: [{ text: "why?" }] },
              ],
            },
          ],
        },
      },
    ],
  },
  {
    name: "experiments are compared side by side, page by page",
    given: [
      dataset(),
      datasetItems("one", "two", "three"),
      experiment(),
      experiment("second"),
      newIds("trace"),
      experimentItem(),
      experimentItem("other", "two"),
    ],
    steps: [
      {
        send: "POST /v1/private/experiments/items",
        body: { experiment_items: [{ experiment_id: "<second>", dataset_item_id: "<two>", trace_id: "<trace>" }] },
        status: 204,
      },
      {
        send: `GET ${COMPARISON}?${OF_BOTH}&size=1`,
        status: 200,
        match: { page: 1, size: 1, total: 2, content: [{ id: "<two>" }] },
      },
      {
        send: `GET ${COMPARISON}?${OF_BOTH}&size=1&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<one>", experiment_items: [{ id: "<run>" }] }] },
      },
      { send: `GET ${COMPARISON}?${OF_BOTH}&size=1&page=3`, status: 200, match: { size: 0, content: [] } },
      {
        send: `GET ${COMPARISON}?experiment_ids=[%22<second>%22]`,
        status: 200,
        match: { total: 1, content: [{ id: "<two>", experiment_items: [{ experiment_id: "<second>" }] }] },
      },
    ],
  },
  {
    name: "an item is shown as the version has it that the experiment ran",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace"), experimentItem()],
    steps: [
      { send: "PATCH /v1/private/datasets/items/<one>", body: { data: { q: "new" } }, status: 204 },
      { send: `GET ${COMPARISON}?${OF_ONE}`, status: 200, match: { content: [{ id: "<one>", data: { q: "one" } }] } },
    ],
  },
  {
    name: "an item that the dataset never had is shown without data",
    ours: "the SDKs cannot read an item without data and source",
    given: [dataset(), experiment(), newIds("trace", "one"), experimentItem()],
    steps: [
      {
        send: `GET ${COMPARISON}?${OF_ONE}`,
        status: 200,
        match: { content: [{ id: "<one>", source: "sdk", data: {}, experiment_items: [{ id: "<run>" }] }] },
      },
    ],
  },
  {
    name: "only experiments of the dataset are compared",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace"), experimentItem(), dataset("second")],
    steps: [
      {
        send: `GET /v1/private/datasets/<second>/items/experiments/items?${OF_ONE}`,
        status: 200,
        match: { total: 0, content: [] },
      },
      { send: COMPARISON.replace(/^/, "GET "), status: 400, errors: ["query param experiment_ids must not be null"] },
      { send: `GET ${COMPARISON}?experiment_ids=x`, status: 400, message: "Invalid query param experiment_ids 'x'" },
    ],
  },
  {
    name: "the outputs of experiments have columns",
    given: [dataset(), datasetItems("one"), experiment(), endedTrace(), experimentItem()],
    steps: [
      {
        send: `GET ${COMPARISON}/output/columns?${OF_ONE}`,
        status: 200,
        json: { columns: [{ name: "a", types: ["number"], filter_field_prefix: "output", filter_field: "output.a" }] },
      },
      { send: `GET ${COMPARISON}/output/columns`, status: 200, json: { columns: [] } },
    ],
  },
  {
    name: "a test suite counts the items of the dataset that passed",
    given: [
      dataset(),
      datasetItems("one", "two"),
      experiment("experiment", { evaluation_method: "evaluation_suite" }),
      newIds("trace", "other"),
      experimentItem("run", "one", "trace", { execution_policy: { runs_per_item: 2, pass_threshold: 1 } }),
      experimentItem("again", "one", "other", { execution_policy: { runs_per_item: 2, pass_threshold: 1 } }),
      experimentItem("third", "two", "other", { execution_policy: { runs_per_item: 1, pass_threshold: 1 } }),
    ],
    steps: [
      assertions(true),
      {
        send: "PUT /v1/private/assertion-results",
        body: {
          entity_type: "trace",
          assertion_results: [{ entity_id: "<other>", name: "assertion 0", status: "failed", source: "sdk" }],
        },
        status: 204,
      },
      {
        send: "GET /v1/private/experiments/<experiment>",
        status: 200,
        match: {
          pass_rate: 0.5,
          passed_count: 1,
          total_count: 2,
          assertion_scores: [{ name: "assertion 0", value: 0.333333333 }],
        },
      },
      {
        send: "GET /v1/private/experiments?datasetId=<dataset>",
        status: 200,
        match: {
          content: [
            {
              pass_rate: 0.5,
              passed_count: 1,
              total_count: 2,
              assertion_scores: [{ name: "assertion 0", value: 0.333333333 }],
            },
          ],
        },
      },
      {
        send: `GET ${COMPARISON}?${OF_ONE}&size=1&page=2`,
        status: 200,
        match: {
          content: [
            { run_summaries_by_experiment: { "<experiment>": { passed_runs: 1, total_runs: 2, status: "passed" } } },
          ],
        },
      },
    ],
  },
  {
    name: "a comparison is filtered, searched and sorted",
    given: [
      dataset(),
      datasetItems("one", "two"),
      experiment(),
      endedTrace("first"),
      endedTrace("second"),
      experimentItem("run", "one", "first"),
      experimentItem("other", "two", "second"),
    ],
    steps: [
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: {
          scores: [
            { id: "<first>", name: "quality", value: 0.25, source: "sdk", project_name: "<projectname>" },
            { id: "<second>", name: "quality", value: 0.75, source: "sdk", project_name: "<projectname>" },
          ],
        },
        status: 204,
      },
      found("filters", [{ field: "feedback_scores", key: "quality", operator: "<", value: "0.5" }], "one"),
      found("filters", [{ field: "feedback_scores", key: "quality", operator: "=", value: "0.75" }], "two"),
      found("filters", [{ field: "data.q", type: "string", operator: "=", value: "two" }], "two"),
      found("filters", [{ field: "data.q", type: "string", operator: "=", value: "three" }]),
      found("filters", [{ field: "id", operator: "=", value: "<one>" }], "one"),
      found("filters", [{ field: "output.a", type: "string", operator: "=", value: "1" }], "two", "one"),
      found("filters", [{ field: "duration", operator: ">=", value: "0" }], "two", "one"),
      found("sorting", [{ field: "feedback_scores.quality", direction: "ASC" }], "one", "two"),
      found("sorting", [{ field: "feedback_scores.quality", direction: "DESC" }], "two", "one"),
      found("sorting", [{ field: "data.q", direction: "ASC" }], "one", "two"),
      found("search", "TWO", "two"),
      {
        send: `GET ${COMPARISON}?${OF_ONE}&${query({ filters: JSON.stringify([{ field: "nothing", operator: "=" }]) })}`,
        status: 400,
        message: /^Invalid filters query parameter /,
      },
    ],
  },
  {
    name: "the statistics of a comparison have averages and percentiles, and are filtered",
    given: [
      dataset(),
      datasetItems("one", "two", "three"),
      experiment(),
      experiment("second"),
      endedTrace(),
      newIds("bare"),
      experimentItem("run", "one"),
      experimentItem("again", "two"),
      experimentItem("lost", "three", "bare"),
    ],
    steps: [
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: { scores: [{ id: "<trace>", project_name: "<projectname>", name: "f1", value: 0.5, source: "sdk" }] },
        status: 204,
      },
      {
        send: `GET ${COMPARISON}/stats?${OF_BOTH}`,
        status: 200,
        json: {
          stats: [
            { name: "experiment_items_count", value: 3, type: "COUNT" },
            { name: "trace_count", value: 2, type: "COUNT" },
            { name: "total_estimated_cost", value: 0.25, type: "AVG" },
            { name: "total_estimated_cost", value: { p50: 0.25, p90: 0.25, p99: 0.25 }, type: "PERCENTAGE" },
            { name: "duration", value: { p50: 1500, p90: 1500, p99: 1500 }, type: "PERCENTAGE" },
            { name: "feedback_scores.f1", value: 0.5, type: "AVG" },
            { name: "usage.total_tokens", value: 3, type: "AVG" },
            { name: "feedback_scores.f1", value: { p50: 0.5, p90: 0.5, p99: 0.5 }, type: "PERCENTAGE" },
            { name: "usage.total_tokens", value: { p50: 3, p90: 3, p99: 3 }, type: "PERCENTAGE" },
          ],
        },
      },
      {
        send: `GET ${COMPARISON}/stats?${OF_ONE}&${query({ filters: '[{"field":"data.q","operator":"=","value":"three"}]' })}`,
        status: 200,
        json: {
          stats: [
            { name: "experiment_items_count", value: 1, type: "COUNT" },
            { name: "trace_count", value: 1, type: "COUNT" },
            { name: "total_estimated_cost", value: { p50: 0, p90: 0, p99: 0 }, type: "PERCENTAGE" },
            { name: "duration", value: { p50: 0, p90: 0, p99: 0 }, type: "PERCENTAGE" },
            { name: "usage.total_tokens", value: { p50: 0, p90: 0, p99: 0 }, type: "PERCENTAGE" },
          ],
        },
      },
      {
        send: `GET ${COMPARISON}/stats?experiment_ids=[%22<second>%22]`,
        status: 200,
        match: { stats: [{ value: 0 }, { value: 0 }, {}, {}, {}] },
      },
      {
        send: `GET ${COMPARISON}/stats?experiment_ids=[]`,
        status: 400,
        json: { code: 400, message: "experiment_ids cannot be empty" },
      },
      { send: `GET ${COMPARISON}/stats`, status: 400, errors: ["query param experiment_ids must not be null"] },
    ],
  },
];
