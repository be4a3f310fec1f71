import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, datasetItems, endedTrace, experiment, experimentItem, newIds } from "../given.ts";

const ITEMS = "/v1/private/experiments/items";
const CREATE = `POST ${ITEMS}`;
const STREAM = `POST ${ITEMS}/stream`;
const OCTETS = { "content-type": "application/octet-stream" };
const FOUR = "11111111-1111-4111-8111-111111111111";

/** `<run>` by itself. */
const REFERENCE = {
  id: "<run>",
  experiment_id: "<experiment>",
  dataset_item_id: "<one>",
  trace_id: "<trace>",
  project_id: "<project>",
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};

/** An item with the ids of things. */
const item = (more: object = {}): object => ({
  experiment_id: "<experiment>",
  dataset_item_id: "<one>",
  trace_id: "<trace>",
  ...more,
});

/** Items of experiments [opik 11.2]. */
export const experimentItemCases: readonly ConformanceCase[] = [
  {
    name: "an item is read by itself, and streamed with what its trace came to",
    given: [
      dataset(),
      datasetItems("one"),
      experiment(),
      endedTrace(),
      experimentItem("run", "one", "trace", { execution_policy: { runs_per_item: 2, pass_threshold: 1 } }),
    ],
    steps: [
      { send: `GET ${ITEMS}/<run>`, status: 200, json: REFERENCE },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>", project_name: "<projectname>", truncate: false },
        status: 200,
        json: {
          ...REFERENCE,
          input: { q: "trace" },
          output: { a: 1 },
          trace_metadata: { m: 1 },
          total_estimated_cost: 0.25,
          duration: 1500,
          usage: { total_tokens: 3 },
          trace_visibility_mode: "default",
          execution_policy: { runs_per_item: 2, pass_threshold: 1 },
        },
        answerHeaders: OCTETS,
      },
    ],
  },
  {
    name: "an item is streamed with the scores and comments of its trace",
    given: [dataset(), datasetItems("one"), experiment(), endedTrace(), experimentItem()],
    steps: [
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: { scores: [{ id: "<trace>", name: "quality", value: 0.75, reason: "good", source: "sdk" }] },
        status: 204,
      },
      { send: "POST /v1/private/traces/<trace>/comments", body: { text: "why?" }, status: 201 },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>" },
        status: 200,
        match: {
          id: "<run>",
          feedback_scores: [
            {
              name: "quality",
              value: 0.75,
              reason: "good",
              source: "sdk",
              created_by: "admin",
              value_by_author: { admin: { value: 0.75, reason: "good" } },
            },
          ],
          comments: [{ id: UUID, text: "why?", created_by: "admin" }],
        },
        answerHeaders: OCTETS,
      },
    ],
  },
  {
    name: "items are streamed, the newest id first, also before their traces come",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace"), experimentItem(), experimentItem("second")],
    steps: [
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>", limit: 1, last_retrieved_id: "<second>" },
        status: 200,
        json: { ...REFERENCE, project_id: undefined },
        answerHeaders: OCTETS,
      },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>", limit: 1 },
        status: 200,
        match: { id: "<second>" },
        answerHeaders: OCTETS,
      },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>", last_retrieved_id: "<run>" },
        status: 200,
        text: "",
        answerHeaders: OCTETS,
      },
      { send: STREAM, body: { experiment_name: "<unknown>" }, status: 200, text: "", answerHeaders: OCTETS },
      {
        send: STREAM,
        body: { experiment_name: "<experimentname>", project_name: "<unknown>" },
        status: 200,
        text: "",
        answerHeaders: OCTETS,
      },
      { send: STREAM, body: {}, status: 422, errors: ["experimentName must not be blank"] },
      {
        send: STREAM,
        body: { experiment_name: "x", limit: 0 },
        status: 422,
        errors: ["limit must be greater than or equal to 1"],
      },
    ],
  },
  {
    name: "an item of an id that is there is replaced",
    given: [dataset(), datasetItems("one", "two"), experiment(), endedTrace(), experimentItem()],
    steps: [
      { send: CREATE, body: { experiment_items: [item({ id: "<run>", dataset_item_id: "<two>" })] }, status: 204 },
      { send: `GET ${ITEMS}/<run>`, status: 200, json: { ...REFERENCE, dataset_item_id: "<two>" } },
    ],
  },
  {
    name: "an item belongs to the project that it names",
    given: [dataset(), datasetItems("one"), experiment(), newIds("trace", "run")],
    steps: [
      {
        send: CREATE,
        body: { experiment_items: [item({ id: "<run>", project_name: "<projectname>" })] },
        status: 204,
      },
      { send: `GET ${ITEMS}/<run>`, status: 200, json: REFERENCE },
    ],
  },
  {
    name: "items are deleted",
    given: [dataset(), datasetItems("one"), experiment(), endedTrace(), experimentItem()],
    steps: [
      { send: `POST ${ITEMS}/delete`, body: { ids: ["<run>", "<unknown>"] }, status: 204 },
      { send: `GET ${ITEMS}/<run>`, status: 404, message: "Not found experiment item with id '<run>'" },
      { send: `POST ${ITEMS}/delete`, body: { ids: [] }, status: 422, errors: ["ids size must be between 1 and 1000"] },
    ],
  },
  {
    name: "what is said of items is checked",
    given: [newIds("experiment", "one", "trace")],
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["experimentItems must not be null"] },
      {
        send: CREATE,
        body: { experiment_items: [] },
        status: 422,
        errors: ["experimentItems size must be between 1 and 1000"],
      },
      {
        send: CREATE,
        body: { experiment_items: [{}] },
        status: 422,
        errors: [
          "experimentItems[0].experimentId must not be null",
          "experimentItems[0].datasetItemId must not be null",
          "experimentItems[0].traceId must not be null",
        ],
      },
      ...(
        [
          ["id", "Experiment Item"],
          ["experiment_id", "Experiment Item experiment"],
          ["dataset_item_id", "Experiment Item datasetItem"],
          ["trace_id", "Experiment Item trace"],
        ] as const
      ).map(([name, label]) => ({
        send: CREATE,
        body: { experiment_items: [item({ [name]: FOUR })] },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: `${label} id must be a version 7 UUID` },
      })),
    ],
  },
];
