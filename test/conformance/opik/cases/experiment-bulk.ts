import type { ConformanceCase, Step } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, datasetItems, experiment, newIds } from "../given.ts";

const SEND = "PUT /v1/private/experiments/items/bulk";
const START = "2026-01-01T00:00:00Z";
const STREAM = "POST /v1/private/experiments/items/stream";

/** A request with these items and more. */
const upload = (items: readonly object[], more: object = {}): object => ({
  experiment_name: "<projectname> bulk",
  dataset_name: "<datasetname>",
  items,
  ...more,
});

const result = (more: object = {}): object => ({ dataset_item_id: "<one>", evaluate_task_result: { a: 1 }, ...more });

/** What a refused request leaves: no experiment of its name. */
const nothingMade: Step = {
  send: "GET /v1/private/experiments?name=<projectname>%20bulk",
  status: 200,
  match: { total: 0 },
};

/** A refused request, which makes nothing. */
const refused = (body: object, answer: Partial<Step>): Step[] => [
  { send: SEND, body, status: 422, ...answer },
  nothingMade,
];

const FROM_DATASET =
  /^Dataset '.*' was found via workspace-wide search\. In a future version, you will need to specify the project explicitly\.$/;
const FROM_DEFAULT =
  /^project_name could not be resolved; traces without a project were placed in the default project 'Default Project'\. This fallback is deprecated, please provide project_name\.$/;

/** Items of experiments in bulk [opik 11.2]. */
export const experimentBulkCases: readonly ConformanceCase[] = [
  {
    name: "items are recorded with their traces, spans and scores, in a new experiment of the project",
    given: [dataset(), datasetItems("one", "two"), newIds("trace", "span", "mine")],
    steps: [
      {
        send: SEND,
        body: upload(
          [
            {
              dataset_item_id: "<one>",
              trace: { id: "<trace>", name: "T", start_time: START, input: { q: 1 }, output: { a: 2 }, source: "sdk" },
              spans: [{ id: "<span>", trace_id: "<trace>", name: "S", start_time: START, source: "sdk" }],
              feedback_scores: [
                { name: "f1", value: 0.5, source: "sdk", reason: "R" },
                { name: "is polite", value: 1, source: "sdk", category_name: "suite_assertion" },
              ],
            },
            { dataset_item_id: "<two>", evaluate_task_result: { a: 3 } },
          ],
          { project_name: "<projectname>", experiment_id: "<mine>" },
        ),
        status: 204,
        text: "",
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      {
        send: "GET /v1/private/experiments/<mine>",
        status: 200,
        match: {
          ...{ name: "<projectname> bulk", dataset_id: "<dataset>", project_id: "<project>", trace_count: 2 },
          feedback_scores: [{ name: "f1", value: 0.5 }],
        },
      },
      {
        send: "GET /v1/private/traces/<trace>",
        status: 200,
        match: {
          ...{ name: "T", project_id: "<project>", source: "experiment", input: { q: 1 }, output: { a: 2 } },
          ...{ span_count: 1, feedback_scores: [{ name: "f1", value: 0.5, reason: "R", source: "sdk" }] },
        },
      },
      {
        send: "GET /v1/private/spans/<span>",
        status: 200,
        match: { name: "S", trace_id: "<trace>", project_id: "<project>", source: "experiment" },
      },
      {
        send: STREAM,
        body: { experiment_name: "<projectname> bulk" },
        status: 200,
        lines: [
          {
            ...{ id: UUID, experiment_id: "<mine>", dataset_item_id: "<two>", trace_id: UUID, project_id: "<project>" },
            ...{ output: { a: 3 }, duration: 0, trace_visibility_mode: "default" },
            ...{ created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" },
          },
          {
            ...{ id: UUID, experiment_id: "<mine>", dataset_item_id: "<one>", trace_id: "<trace>" },
            ...{ project_id: "<project>", assertion_results: [{ value: "is polite", passed: true }] },
          },
        ],
      },
    ],
  },
  {
    name: "the project of traces without one is that of the experiment, of the dataset, or the default one",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace", "other", "mine")],
    steps: [
      {
        send: SEND,
        body: upload([result()], { experiment_id: "<experiment>", experiment_name: "ignored" }),
        status: 204,
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>" },
        status: 200,
        lines: [{ experiment_id: "<experiment>", project_id: "<project>", output: { a: 1 } }],
      },
      { send: SEND, body: upload([result()]), status: 204, answerHeaders: { "x-opik-deprecation": FROM_DATASET } },
      {
        send: "GET /v1/private/experiments?name=<projectname>%20bulk",
        status: 200,
        match: { total: 1, content: [{ project_id: "<project>", dataset_id: "<dataset>" }] },
      },
      {
        send: SEND,
        body: upload([
          result({ evaluate_task_result: undefined, trace: { start_time: START, project_name: "elsewhere" } }),
        ]),
        status: 204,
        answerHeaders: { "x-opik-deprecation": undefined },
      },
      {
        send: SEND,
        body: upload([result(), { dataset_item_id: "<one>", trace: { id: "<trace>", start_time: START } }], {
          ...{ dataset_name: "<projectname> new", experiment_id: "<mine>" },
        }),
        status: 204,
        answerHeaders: { "x-opik-deprecation": FROM_DEFAULT },
      },
      {
        send: "GET /v1/private/experiments/<mine>",
        status: 200,
        match: { dataset_name: "<projectname> new", trace_count: 2 },
        absent: ["project_id", "project_name"],
      },
      { send: "GET /v1/private/traces/<trace>", status: 200, match: { source: "experiment", project_id: UUID } },
    ],
  },
  {
    name: "items in bulk are checked before anything is made",
    given: [dataset(), newIds("one", "trace", "other")],
    steps: [
      ...refused(
        {},
        {
          errors: [...["experimentName must not be blank", "datasetName must not be blank", "items must not be null"]],
        },
      ),
      ...refused(upload([]), { errors: ["items Experiment items list size must be between 1 and 1000"] }),
      ...refused(upload([{}]), { errors: ["items[0].datasetItemId must not be null"] }),
      ...refused(upload([result({ trace: { start_time: START } })]), {
        errors: ["items[0].<list element> cannot provide both evaluate_task_result and trace together"],
      }),
      ...refused(upload([result(), result({ feedback_scores: [{ name: " ", value: 1, source: "sdk" }] })]), {
        errors: ["items[1].feedbackScores[0].name must not be blank"],
      }),
      ...refused(
        upload([{ dataset_item_id: "<one>", trace: { start_time: START, project_name: "elsewhere" } }], {
          project_name: "<projectname>",
        }),
        { errors: ["items trace project_name must match the request project_name"] },
      ),
      ...refused(upload([result({ spans: [{ trace_id: "<trace>", start_time: START }] })]), {
        ...{ status: 400, json: { code: 400, message: "Trace is required when spans are provided" } },
      }),
      ...refused(
        upload([
          {
            dataset_item_id: "<one>",
            trace: { id: "<trace>", start_time: START },
            spans: [{ trace_id: "<other>", start_time: START }],
          },
        ]),
        { status: 400, json: { code: 400, message: "Trace ID must match the span's trace ID" } },
      ),
      ...refused(
        upload([
          result({ feedback_scores: Array.from({ length: 101 }, () => ({ name: "a", value: 1, source: "sdk" })) }),
        ]),
        {
          errors: ["items[0].feedbackScores size must be between 0 and 100"],
        },
      ),
    ],
  },
  {
    name: "an experiment of another dataset or project and a dataset of another project are refused",
    given: [dataset(), dataset("another"), experiment(), newIds("one")],
    steps: [
      ...refused(upload([result()], { experiment_id: "<experiment>", dataset_name: "<anothername>" }), {
        status: 409,
        json: {
          code: 409,
          message:
            "Experiment '<experiment>' belongs to dataset '<datasetname>', but request specifies dataset '<anothername>'",
        },
      }),
      ...refused(upload([result()], { experiment_id: "<experiment>", project_name: "elsewhere" }), {
        status: 409,
        json: {
          code: 409,
          message:
            "Experiment '<experiment>' belongs to project '<projectname>', but request specifies project_name 'elsewhere'",
        },
      }),
      ...refused(upload([result()], { project_name: "elsewhere" }), {
        status: 409,
        json: {
          code: 409,
          message: "Dataset '<datasetname>' belongs to a different project than the request project_name 'elsewhere'",
        },
      }),
      {
        send: SEND,
        body: upload([result()], { experiment_id: "<experiment>", project_name: "<projectname>" }),
        status: 204,
      },
    ],
  },
];
