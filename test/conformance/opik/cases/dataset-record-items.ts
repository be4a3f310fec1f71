import type { ConformanceCase, Step, StepRequest } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, newIds } from "../given.ts";

const DATASETS = "/v1/private/datasets";
const FROM_TRACES = `POST ${DATASETS}/<dataset>/items/from-traces`;
const FROM_SPANS = `POST ${DATASETS}/<dataset>/items/from-spans`;
const READ = `GET ${DATASETS}/<dataset>/items`;
const EVERYTHING = {
  include_spans: true,
  include_tags: true,
  include_feedback_scores: true,
  include_comments: true,
  include_usage: true,
  include_metadata: true,
};
const AUTHORS = {
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};
const JUDGE = { name: "judge", type: "llm_judge", config: { model: "m" } };
const POLICY = { runs_per_item: 2, pass_threshold: 1 };

const created = (send: string, body: object | string): Step => ({ send, body, status: 201 });

/** `<trace>` with everything that an item can have of it, its spans `<root>` and `<child>`, and the bare trace `<bare>`. */
const RECORDED: readonly Step[] = [
  created(
    "POST /v1/private/traces",
    `{"id":"<trace>","project_name":"<projectname>","name":"agent","start_time":"2026-01-01T00:00:01Z",
      "input":{"question":"why?","n":1.50},"output":{"answer":"so","list":[{"a":1},{"b":2}],"nothing":null,"empty":[]},
      "tags":["x"],"metadata":{"model key":"m","my-key":7}}`,
  ),
  created("POST /v1/private/traces", {
    id: "<bare>",
    project_name: "<projectname>",
    start_time: "2026-01-01T00:00:02Z",
  }),
  created("POST /v1/private/spans", {
    id: "<root>",
    trace_id: "<trace>",
    project_name: "<projectname>",
    name: "first",
    type: "llm",
    model: "small",
    start_time: "2026-01-01T00:00:01Z",
    end_time: "2026-01-01T00:00:02.5Z",
    input: "text",
    output: [1],
    usage: { total_tokens: 3 },
    tags: ["y"],
    metadata: { a: 1 },
  }),
  created("POST /v1/private/spans", {
    id: "<child>",
    trace_id: "<trace>",
    parent_span_id: "<root>",
    project_name: "<projectname>",
    type: "tool",
    start_time: "2026-01-01T00:00:01Z",
  }),
  {
    send: "PUT /v1/private/traces/<trace>/feedback-scores",
    body: { name: "quality", value: 0.5, source: "sdk", reason: "good", category_name: "fine" },
    status: 204,
  },
  {
    send: "PUT /v1/private/spans/<root>/feedback-scores",
    body: { name: "speed", value: 1, source: "online_scoring" },
    status: 204,
  },
  created("POST /v1/private/traces/<trace>/comments", { text: "of the trace" }),
  created("POST /v1/private/spans/<root>/comments", { text: "of the span" }),
];

const given = [dataset(), newIds("trace", "bare", "root", "child", "suite")];
const INPUT = { question: "why?", n: 1.5 };
const OUTPUT = { answer: "so", list: [{ a: 1 }, { b: 2 }], nothing: null, empty: [] };
const SPEED = [{ name: "speed", value: 1, source: "ONLINE_SCORING" }];
const OF_SPAN = [{ id: UUID, text: "of the span" }];

/** A request for items of the trace. */
const request = (send: string, body: object): StepRequest & { status: number } => ({ send, body, status: 204 });

/** The page with these items. */
const read = (...content: object[]): Step => ({ send: READ, status: 200, match: { total: content.length, content } });

/** What is refused of a request for items of traces: with which changes, and why. */
const REFUSED: ReadonlyArray<readonly [change: object, error: string]> = [
  [{ trace_ids: [] }, "traceIds trace_ids must not be empty"],
  [{ trace_ids: null }, "traceIds trace_ids must not be empty"],
  [{ enrichment_options: null }, "enrichmentOptions enrichment_options must not be null"],
  [{ evaluators: [{ ...JUDGE, name: "" }] }, "evaluators[0].name must not be blank"],
  [{ execution_policy: { runs_per_item: 0 } }, "executionPolicy.runsPerItem must be greater than or equal to 1"],
  [
    { field_mappings: { " ": "input", b: " ", c: "input..a", d: "input[?(@.a)]", e: "input[[", f: "input" } },
    "fieldMappings unsupported field mappings: ' ' (name must not be blank), 'b' (path must not be blank), " +
      "'c' (input..a uses '..'), 'd' (input[?(@.a)] uses '[?('), 'e' (input[[ is not a valid path)",
  ],
  [
    { field_mappings: { ["n".repeat(151)]: "input" } },
    `fieldMappings unsupported field mappings: '${"n".repeat(151)}' (name cannot exceed 150 characters)`,
  ],
  [
    { field_mappings: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`n${index}`, "input"])) },
    "fieldMappings field_mappings cannot exceed 100 entries",
  ],
];

/** Items that are made from traces and spans [opik 10.6]. */
export const datasetRecordItemCases: readonly ConformanceCase[] = [
  {
    name: "traces become items of the latest version, with what the options say",
    given,
    steps: [
      ...RECORDED,
      request(FROM_TRACES, {
        trace_ids: ["<trace>", "<unknown>", "<bare>", "<trace>"],
        enrichment_options: EVERYTHING,
        evaluators: [JUDGE],
        execution_policy: POLICY,
      }),
      read(
        {
          id: UUID,
          dataset_item_id: UUID,
          trace_id: "<bare>",
          source: "trace",
          data: { input: null },
          evaluators: [JUDGE],
          execution_policy: POLICY,
          dataset_id: "<dataset>",
          ...AUTHORS,
        },
        {
          id: UUID,
          dataset_item_id: UUID,
          trace_id: "<trace>",
          source: "trace",
          data: {
            input: INPUT,
            expected_output: OUTPUT,
            spans: [
              {
                id: "<child>",
                name: null,
                type: "tool",
                parent_span_id: "<root>",
                input: null,
                start_time: "2026-01-01T00:00:01Z",
              },
              {
                id: "<root>",
                name: "first",
                type: "llm",
                input: "text",
                output: [1],
                start_time: "2026-01-01T00:00:01Z",
                end_time: "2026-01-01T00:00:02.500Z",
                metadata: { a: 1 },
                feedback_scores: SPEED,
                comments: OF_SPAN,
              },
            ],
            tags: ["x"],
            feedback_scores: [{ name: "quality", category_name: "fine", value: 0.5, reason: "good", source: "SDK" }],
            comments: [{ id: UUID, text: "of the trace" }],
            usage: { total_tokens: 3 },
            metadata: { "model key": "m", "my-key": 7 },
          },
          evaluators: [JUDGE],
          execution_policy: POLICY,
          dataset_id: "<dataset>",
          ...AUTHORS,
        },
      ),
      { send: READ, status: 200, contains: '"input":{"question":"why?","n":1.50}' },
      request(FROM_TRACES, { trace_ids: ["<trace>"], enrichment_options: { includeTags: true } }),
      {
        send: READ,
        status: 200,
        contains:
          '"data":{"input":{"question":"why?","n":1.50},' +
          '"expected_output":{"answer":"so","list":[{"a":1},{"b":2}],"nothing":null,"empty":[]}}',
      },
      read(
        { trace_id: "<trace>", data: { input: INPUT, expected_output: OUTPUT } },
        { trace_id: "<bare>" },
        { trace_id: "<trace>" },
      ),
      {
        send: `GET ${DATASETS}/<dataset>/versions`,
        status: 200,
        match: { total: 1, content: [{ version_name: "v1", items_total: 3, items_added: 3 }] },
      },
    ],
  },
  {
    name: "spans become items in the same way",
    given,
    steps: [
      ...RECORDED,
      request(FROM_SPANS, {
        span_ids: ["<root>", "<child>", "<unknown>"],
        enrichment_options: EVERYTHING,
        evaluators: [JUDGE],
        execution_policy: POLICY,
      }),
      read(
        {
          id: UUID,
          dataset_item_id: UUID,
          span_id: "<child>",
          source: "span",
          data: { input: null },
          evaluators: [JUDGE],
          execution_policy: POLICY,
          dataset_id: "<dataset>",
          ...AUTHORS,
        },
        {
          id: UUID,
          dataset_item_id: UUID,
          span_id: "<root>",
          source: "span",
          data: {
            input: "text",
            expected_output: [1],
            tags: ["y"],
            feedback_scores: SPEED,
            comments: OF_SPAN,
            usage: { total_tokens: 3 },
            metadata: { a: 1 },
          },
          evaluators: [JUDGE],
          execution_policy: POLICY,
          dataset_id: "<dataset>",
          ...AUTHORS,
        },
      ),
      request(FROM_SPANS, {
        span_ids: ["<root>"],
        enrichment_options: {},
        field_mappings: { model_used: "model", tokens: "usage.total_tokens" },
      }),
      read(
        { data: { input: "text", expected_output: [1], model_used: "small", tokens: 3 } },
        { span_id: "<child>" },
        { span_id: "<root>" },
      ),
    ],
  },
  {
    name: "mapped fields take the place of others, and are left out where the path leads to nothing",
    given,
    steps: [
      ...RECORDED,
      request(FROM_TRACES, {
        trace_ids: ["<trace>"],
        enrichment_options: { include_tags: true, include_metadata: true },
        field_mappings: {
          input: "output.answer",
          metadata: "metadata.unknown",
          exact: "input.n",
          quoted: "metadata['model key']",
          dashed: '$.metadata["my-key"]',
          last: "output.list[-1]",
          some: "output.list[0,1].a",
          all: "output.list[*]",
          values: "input.*",
          slice: "output.list[1:]",
          whole: "$['tags']",
          none: "output.nothing",
          empty: "output.empty",
          beyond: "output.list[2]",
          inside: "output.answer.more",
        },
      }),
      read({
        data: {
          expected_output: OUTPUT,
          tags: ["x"],
          input: "so",
          exact: 1.5,
          quoted: "m",
          dashed: 7,
          last: { b: 2 },
          some: [1],
          all: [{ a: 1 }, { b: 2 }],
          values: ["why?", 1.5],
          slice: [{ b: 2 }],
          whole: ["x"],
        },
      }),
      {
        send: READ,
        status: 200,
        contains:
          '"data":{"expected_output":{"answer":"so","list":[{"a":1},{"b":2}],"nothing":null,"empty":[]},"tags":["x"],' +
          '"input":"so","exact":1.50,"quoted":"m","dashed":7,"last":{"b":2},"some":[1],"all":[{"a":1},{"b":2}],' +
          '"values":["why?",1.50],"slice":[{"b":2}],"whole":["x"]}',
      },
    ],
  },
  {
    name: "items of a test suite have the fields of the input alone",
    given,
    steps: [
      ...RECORDED,
      {
        ...created(`POST ${DATASETS}`, { id: "<suite>", name: "<projectname>-suite", type: "evaluation_suite" }),
      },
      request(`POST ${DATASETS}/<suite>/items/from-traces`, {
        trace_ids: ["<trace>", "<bare>"],
        enrichment_options: EVERYTHING,
        field_mappings: { question: "output.answer" },
      }),
      request(`POST ${DATASETS}/<suite>/items/from-spans`, { span_ids: ["<root>"], enrichment_options: EVERYTHING }),
      {
        send: `GET ${DATASETS}/<suite>/items`,
        status: 200,
        match: {
          content: [
            { span_id: "<root>", data: { input: "text" } },
            { trace_id: "<bare>", data: {} },
            { trace_id: "<trace>", data: INPUT },
          ],
        },
      },
    ],
  },
  {
    name: "no version is made when there is none of the records",
    given,
    steps: [
      request(FROM_TRACES, { trace_ids: ["<unknown>"], enrichment_options: {} }),
      request(FROM_SPANS, { span_ids: ["<unknown>"], enrichment_options: {} }),
      { send: `GET ${DATASETS}/<dataset>/versions`, status: 200, match: { total: 0 } },
    ],
  },
  {
    name: "items are refused that lack something or cannot be made",
    given,
    steps: [
      ...REFUSED.map(([change, error]): Step => ({
        send: FROM_TRACES,
        body: { trace_ids: ["<trace>"], enrichment_options: {}, ...change },
        status: 422,
        errors: [error],
      })),
      {
        send: FROM_SPANS,
        body: { field_mappings: { a: "b[" } },
        status: 422,
        errors: [
          "spanIds span_ids must not be empty",
          "enrichmentOptions enrichment_options must not be null",
          "fieldMappings unsupported field mappings: 'a' (b[ is not a valid path)",
        ],
      },
      {
        send: `POST ${DATASETS}/<unknown>/items/from-traces`,
        body: { trace_ids: ["<trace>"], enrichment_options: {} },
        status: 404,
        message: "Dataset not found: '<unknown>'",
      },
      {
        send: `POST ${DATASETS}/<unknown>/items/from-spans`,
        body: { span_ids: ["<root>"], enrichment_options: {} },
        status: 404,
        message: "Dataset not found: '<unknown>'",
      },
      { send: READ, status: 200, match: { total: 0 } },
    ],
  },
];
