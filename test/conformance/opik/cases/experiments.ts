import { type ConformanceCase, idInLocation } from "../../case.ts";
import { GENERATED_NAME, HASH, TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, datasetItems, endedTrace, experiment, experimentItem, newIds, query } from "../given.ts";

const EXPERIMENTS = "/v1/private/experiments";
const CREATE = `POST ${EXPERIMENTS}`;
const STREAM = `POST ${EXPERIMENTS}/stream`;
const OCTETS = { "content-type": "application/octet-stream" };
const AUTHORS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const SORTABLE_BY = ["id", "name", "created_at", "last_updated_at", "created_by", "last_updated_by", "tags"];
const VERSION = {
  id: UUID,
  version_hash: HASH,
  version_name: "v1",
  change_description: "Auto-created from SDK batch operation",
  tags: ["latest"],
};

const PROMPT = {
  id: "<version>",
  prompt_version_id: "<version>",
  commit: "<commit>",
  prompt_id: "<prompt>",
  prompt_name: "<projectname> prompt",
};

/** A filter for the experiments of `<dataset>`. */
const OF_DATASET = { field: "dataset_id", operator: "=", value: "<dataset>" };

/** `<experiment>` without items, as it is read. */
const EMPTY = {
  id: "<experiment>",
  dataset_id: "<dataset>",
  dataset_name: "<datasetname>",
  project_id: "<project>",
  project_name: "<projectname>",
  name: "<experimentname>",
  type: "regular",
  evaluation_method: "dataset",
  status: "completed",
  trace_count: 0,
  dataset_item_count: 0,
  ...AUTHORS,
};

/** Experiments [opik 11.1]. */
export const experimentCases: readonly ConformanceCase[] = [
  {
    name: "an experiment is made with all that it can have, and read back",
    given: [dataset(), datasetItems("one"), newIds("mine", "optimization")],
    steps: [
      {
        send: CREATE,
        body: {
          id: "<mine>",
          dataset_name: "<datasetname>",
          project_name: "<projectname>",
          name: "<projectname> exp",
          metadata: { model: "m" },
          tags: ["a", "a"],
          type: "trial",
          evaluation_method: "evaluation_suite",
          optimization_id: "<optimization>",
          status: "running",
          experiment_scores: [{ name: "f1", value: 0.5 }],
        },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/experiments\/[0-9a-f-]{36}$/ },
      },
      {
        send: `GET ${EXPERIMENTS}/<mine>`,
        status: 200,
        json: {
          ...EMPTY,
          id: "<mine>",
          name: "<projectname> exp",
          metadata: { model: "m" },
          tags: ["a"],
          type: "trial",
          evaluation_method: "evaluation_suite",
          optimization_id: "<optimization>",
          status: "running",
          experiment_scores: [{ name: "f1", value: 0.5 }],
          dataset_version_id: UUID,
          dataset_version_summary: VERSION,
        },
      },
    ],
  },
  {
    name: "an experiment without a name gets one, and makes its dataset",
    steps: [
      {
        send: CREATE,
        body: { dataset_name: "<projectname> set" },
        status: 201,
        text: "",
        answerHeaders: { location: /./ },
        remember: { made: idInLocation },
      },
      {
        send: `GET ${EXPERIMENTS}/<made>`,
        status: 200,
        match: { name: GENERATED_NAME, dataset_name: "<projectname> set", trace_count: 0 },
        absent: ["dataset_version_id", "project_id", "project_name"],
      },
      {
        send: "POST /v1/private/datasets/retrieve",
        body: { dataset_name: "<projectname> set" },
        status: 200,
        match: { experiment_count: 1, most_recent_experiment_at: TIMESTAMP, last_created_experiment_at: TIMESTAMP },
      },
      {
        send: "GET /v1/private/datasets?name=<projectname>&with_experiments_only=true",
        status: 200,
        match: {
          total: 1,
          content: [
            { experiment_count: 1, most_recent_experiment_at: TIMESTAMP, last_created_experiment_at: TIMESTAMP },
          ],
        },
      },
    ],
  },
  {
    name: "an experiment averages the scores of its traces, however many authors they have",
    given: [
      dataset(),
      datasetItems("one", "two"),
      experiment(),
      experiment("other"),
      endedTrace(),
      endedTrace("second"),
      experimentItem(),
      experimentItem("again", "two", "second"),
    ],
    steps: [
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: {
          scores: [
            { id: "<trace>", name: "quality", value: 1, source: "sdk" },
            { id: "<trace>", name: "quality", value: 0, source: "ui", author: "ann" },
            { id: "<second>", name: "quality", value: 1, source: "sdk" },
            { id: "<second>", name: "accuracy", value: 0.1, source: "sdk" },
          ],
        },
        status: 204,
      },
      {
        send: `GET ${EXPERIMENTS}/<experiment>`,
        status: 200,
        match: {
          feedback_scores: [
            { name: "accuracy", value: 0.1 },
            { name: "quality", value: 0.75 },
          ],
        },
      },
      { send: `GET ${EXPERIMENTS}/<other>`, status: 200, match: { id: "<other>" }, absent: ["feedback_scores"] },
      {
        send: `GET ${EXPERIMENTS}?${query({
          filters: JSON.stringify([{ field: "feedback_scores", key: "quality", operator: ">", value: "0.5" }]),
          datasetId: "<dataset>",
        })}`,
        status: 200,
        match: { total: 1, content: [{ id: "<experiment>" }] },
      },
      {
        send: `GET ${EXPERIMENTS}/feedback-scores/names?experiment_ids=[%22<experiment>%22]`,
        status: 200,
        json: { scores: [{ name: "accuracy" }, { name: "quality" }] },
      },
      {
        send: `GET ${EXPERIMENTS}/feedback-scores/names?experiment_ids=[%22<other>%22]`,
        status: 200,
        json: { scores: [] },
      },
      {
        send: `GET ${EXPERIMENTS}/feedback-scores/names?experiment_ids=x`,
        status: 400,
        message: "Invalid query param ids 'x'",
      },
    ],
  },
  {
    name: "traces are filtered by the experiment that they are in",
    given: [dataset(), datasetItems("one"), experiment(), endedTrace("other"), endedTrace(), experimentItem()],
    steps: [
      {
        send: `GET /v1/private/traces?${query({
          project_id: "<project>",
          filters: JSON.stringify([{ field: "experiment_id", operator: "=", value: "<experiment>" }]),
        })}`,
        status: 200,
        match: { total: 1, content: [{ id: "<trace>" }] },
      },
      {
        send: `GET /v1/private/traces?${query({
          project_id: "<project>",
          filters: JSON.stringify([{ field: "experiment_id", operator: "!=", value: "<experiment>" }]),
        })}`,
        status: 200,
        match: { total: 1, content: [{ id: "<other>" }] },
      },
    ],
  },
  {
    name: "an experiment of an id that is there stays as it is",
    given: [dataset(), experiment()],
    steps: [
      { send: CREATE, body: { id: "<experiment>", dataset_name: "<datasetname>", name: "other" }, status: 201 },
      { send: `GET ${EXPERIMENTS}/<experiment>`, status: 200, json: EMPTY },
    ],
  },
  {
    name: "what is said of an experiment is checked",
    given: [dataset()],
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["datasetName must not be blank"] },
      {
        send: CREATE,
        body: { dataset_name: "x", project_name: " " },
        status: 422,
        errors: ["projectName must not be blank"],
      },
      {
        send: CREATE,
        body: { dataset_name: "x", project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
      {
        send: CREATE,
        body: { dataset_name: "x", type: "other" },
        status: 400,
        message: /Unknown experiment type: other/,
      },
      {
        send: CREATE,
        body: { dataset_name: "x", status: "other" },
        status: 400,
        message: /Unknown experiment status: other/,
      },
      {
        send: CREATE,
        body: { dataset_name: "x", evaluation_method: "o" },
        status: 400,
        message: /Unknown evaluation method: o/,
      },
      {
        send: CREATE,
        body: { dataset_name: "x", experiment_scores: [{ name: "" }] },
        status: 422,
        errors: ["experimentScores[0].name must not be blank", "experimentScores[0].value must not be null"],
      },
      {
        send: CREATE,
        body: { id: "11111111-1111-4111-8111-111111111111", dataset_name: "x" },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "Experiment id must be a version 7 UUID" },
      },
      {
        send: CREATE,
        body: { dataset_name: "<datasetname>", dataset_version_id: "<unknown>" },
        status: 409,
        message: "Dataset version not found",
      },
      { send: `GET ${EXPERIMENTS}/<unknown>`, status: 404, message: "Not found experiment with id '<unknown>'" },
    ],
  },
  {
    name: "an experiment is changed, alone and with others",
    given: [dataset(), experiment(), experiment("second")],
    steps: [
      {
        send: `PATCH ${EXPERIMENTS}/<experiment>`,
        body: {
          name: "<projectname> new",
          metadata: { a: 1 },
          tags: ["a"],
          type: "mini-batch",
          status: "cancelled",
          experiment_scores: [{ name: "f1", value: 1 }],
        },
        status: 204,
      },
      {
        send: `GET ${EXPERIMENTS}/<experiment>`,
        status: 200,
        json: {
          ...EMPTY,
          name: "<projectname> new",
          metadata: { a: 1 },
          tags: ["a"],
          type: "mini-batch",
          status: "cancelled",
          experiment_scores: [{ name: "f1", value: 1 }],
        },
      },
      {
        send: `PATCH ${EXPERIMENTS}/batch`,
        body: { ids: ["<experiment>", "<second>", "<unknown>"], update: { tags: ["b"] }, merge_tags: true },
        status: 204,
      },
      { send: `GET ${EXPERIMENTS}/<experiment>`, status: 200, match: { tags: ["a", "b"] } },
      { send: `GET ${EXPERIMENTS}/<second>`, status: 200, match: { tags: ["b"] } },
      { send: `PATCH ${EXPERIMENTS}/<unknown>`, body: {}, status: 404, message: "Experiment not found: '<unknown>'" },
      { send: `PATCH ${EXPERIMENTS}/<second>`, body: { name: " " }, status: 422, errors: ["name must not be blank"] },
      {
        send: `PATCH ${EXPERIMENTS}/<second>`,
        body: { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) },
        status: 422,
        errors: ["tags Cannot have more than 50 tags"],
      },
      {
        send: `PATCH ${EXPERIMENTS}/batch`,
        body: { ids: [], update: {} },
        status: 422,
        errors: ["ids must not be empty", "ids size must be between 1 and 1000"],
      },
    ],
  },
  {
    name: "experiments are listed, the newest first",
    given: [dataset(), experiment(), experiment("second", { type: "trial" })],
    steps: [
      {
        send: `GET ${EXPERIMENTS}?datasetId=<dataset>&size=1&page=2`,
        status: 200,
        json: { page: 2, size: 1, total: 2, content: [EMPTY], sortable_by: SORTABLE_BY },
      },
      ...[
        "project_id=<project>&types=[%22trial%22]",
        "name=<secondname>",
        "experiment_ids=[%22<second>%22]",
        "dataset_id=<dataset>&size=1",
        "dataset_id=<dataset>&size=1&sorting=[%7B%22field%22:%22name%22,%22direction%22:%22DESC%22%7D]",
      ].map((query) => ({
        send: `GET ${EXPERIMENTS}?${query}`,
        status: 200,
        match: { size: 1, content: [{ id: "<second>", type: "trial" }] },
      })),
      { send: `GET ${EXPERIMENTS}?optimization_id=<unknown>`, status: 200, match: { total: 0, content: [] } },
      {
        send: `GET ${EXPERIMENTS}?project_id=<project>&page=3`,
        status: 200,
        match: { total: 2, size: 0, content: [] },
      },
      { send: `GET ${EXPERIMENTS}?types=trial`, status: 400, message: "Invalid query param types 'trial'" },
      { send: "DELETE /v1/private/datasets/<dataset>", status: 204 },
      {
        send: `GET ${EXPERIMENTS}?project_id=<project>&dataset_deleted=true`,
        status: 200,
        match: { total: 2, content: [{ id: "<second>" }, { id: "<experiment>" }] },
      },
    ],
  },
  {
    name: "experiments are filtered",
    given: [
      dataset(),
      experiment(),
      experiment("second", {
        metadata: { model: { name: "m" } },
        tags: ["t"],
        experiment_scores: [{ name: "f1", value: 0.5 }],
      }),
    ],
    steps: [
      ...[
        { field: "metadata", key: "model.name", operator: "=", value: "m" },
        { field: "tags", operator: "contains", value: "t" },
        { field: "experiment_scores", key: "f1", operator: ">", value: "0.4" },
      ].map((filter) => ({
        send: `GET ${EXPERIMENTS}?${query({ project_id: "<project>", filters: JSON.stringify([filter]) })}`,
        status: 200,
        match: { size: 1, total: 1, content: [{ id: "<second>" }] },
      })),
      ...[
        { filters: [], total: 2 },
        { filters: [{ field: "project_id", operator: "=", value: "<project>" }], total: 2 },
        { filters: [{ field: "project_id", operator: "!=", value: "<project>" }], total: 0 },
      ].map(({ total, filters }) => ({
        send: `GET ${EXPERIMENTS}?${query({ filters: JSON.stringify([OF_DATASET, ...filters]) })}`,
        status: 200,
        match: { total },
      })),
      { send: `GET ${EXPERIMENTS}?filters=x`, status: 400, message: "Invalid filters query parameter 'x'" },
    ],
  },
  {
    name: "an experiment names the versions of prompts that it ran",
    given: [dataset(), newIds("version", "mine")],
    steps: [
      {
        send: "POST /v1/private/prompts/versions",
        body: {
          name: "<projectname> prompt",
          project_name: "<projectname>",
          version: { id: "<version>", template: "Hello" },
        },
        status: 200,
        match: { id: "<version>" },
        remember: {
          prompt: ({ json }) => (json as { prompt_id: string }).prompt_id,
          commit: ({ json }) => (json as { commit: string }).commit,
        },
      },
      {
        send: CREATE,
        body: { id: "<mine>", dataset_name: "<datasetname>", prompt_versions: [{ id: "<version>" }] },
        status: 201,
      },
      { send: `GET ${EXPERIMENTS}/<mine>`, status: 200, match: { prompt_version: PROMPT, prompt_versions: [PROMPT] } },
      {
        send: `GET ${EXPERIMENTS}?prompt_id=<prompt>`,
        status: 200,
        match: { total: 1, content: [{ id: "<mine>", prompt_version: PROMPT, prompt_versions: [PROMPT] }] },
      },
      {
        send: CREATE,
        body: { dataset_name: "<datasetname>", prompt_version: { id: "<unknown>" } },
        status: 409,
        message: "Prompt version not found",
      },
    ],
  },
  {
    name: "experiments are streamed by a part of their name",
    given: [dataset(), experiment(), experiment("second")],
    steps: [
      {
        send: STREAM,
        body: { name: "<projectname>", limit: 1, last_retrieved_id: "<second>" },
        status: 200,
        json: EMPTY,
        answerHeaders: OCTETS,
      },
      {
        send: STREAM,
        body: { name: "<projectname>", limit: 1, project_name: "<projectname>" },
        status: 200,
        match: { id: "<second>" },
        answerHeaders: OCTETS,
      },
      { send: STREAM, body: { name: "<unknown>" }, status: 200, text: "", answerHeaders: OCTETS },
      {
        send: STREAM,
        body: { name: "<projectname>", project_name: "<unknown>" },
        status: 200,
        text: "",
        answerHeaders: OCTETS,
      },
      { send: STREAM, body: { name: "" }, status: 422, errors: ["name must not be blank"] },
      {
        send: STREAM,
        body: { name: "x", limit: 2001 },
        status: 422,
        errors: ["limit must be less than or equal to 2000"],
      },
    ],
  },
  {
    name: "an experiment adds up the traces of its items",
    given: [
      dataset(),
      datasetItems("one", "two"),
      experiment(),
      endedTrace(),
      experimentItem(),
      newIds("later"),
      experimentItem("second", "two", "later"),
    ],
    steps: [
      {
        send: `GET ${EXPERIMENTS}/<experiment>`,
        status: 200,
        json: {
          ...EMPTY,
          dataset_version_id: UUID,
          dataset_version_summary: VERSION,
          trace_count: 2,
          dataset_item_count: 2,
          duration: { p50: 1500, p90: 1500, p99: 1500 },
          total_estimated_cost: 0.25,
          total_estimated_cost_avg: 0.25,
          usage: { total_tokens: 3 },
        },
      },
      {
        send: `GET ${EXPERIMENTS}?datasetId=<dataset>`,
        status: 200,
        match: {
          content: [
            {
              trace_count: 2,
              duration: { p50: 1500, p90: 1500, p99: 1500 },
              total_estimated_cost: 0.25,
              total_estimated_cost_avg: 0.25,
              usage: { total_tokens: 3 },
            },
          ],
        },
      },
    ],
  },
  {
    name: "an experiment that is finished stays as it is, one that is deleted goes with its items",
    given: [dataset(), datasetItems("one"), experiment(), endedTrace(), experimentItem()],
    steps: [
      { send: `POST ${EXPERIMENTS}/finish`, body: { ids: ["<experiment>", "<unknown>"] }, status: 204 },
      { send: `GET ${EXPERIMENTS}/<experiment>`, status: 200, match: { status: "completed" } },
      { send: `POST ${EXPERIMENTS}/delete`, body: { ids: ["<experiment>", "<unknown>"] }, status: 204 },
      {
        send: `GET ${EXPERIMENTS}/<experiment>`,
        status: 404,
        message: "Not found experiment with id '<experiment>'",
      },
      { send: `GET ${EXPERIMENTS}/items/<run>`, status: 404, message: "Not found experiment item with id '<run>'" },
      ...["finish", "delete"].map((action) => ({
        send: `POST ${EXPERIMENTS}/${action}`,
        body: { ids: [] },
        status: 422,
        errors: ["ids size must be between 1 and 1000"],
      })),
    ],
  },
];
