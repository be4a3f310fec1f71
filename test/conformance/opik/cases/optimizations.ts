import { type ConformanceCase, idInLocation, type Step } from "../../case.ts";
import { GENERATED_NAME, TIMESTAMP } from "../../expected.ts";
import { dataset, datasetItems, endedTrace, experiment, experimentItem, newIds, query } from "../given.ts";

const OPTIMIZATIONS = "/v1/private/optimizations";
const CREATE = `POST ${OPTIMIZATIONS}`;
const LOCATION = /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/optimizations\/[0-9a-f-]{36}$/;

/** What makes `<mine>`. */
const BODY = { id: "<mine>", dataset_name: "<datasetname>", objective_name: "f1", status: "running" };

/** Makes `<mine>`. */
const made = (more: object = {}): Step => ({
  send: CREATE,
  body: { ...BODY, project_name: "<projectname>", name: "<projectname> opt", ...more },
  status: 201,
});

/** `<mine>` as it is read. */
const MADE = {
  id: "<mine>",
  name: "<projectname> opt",
  dataset_name: "<datasetname>",
  dataset_id: "<dataset>",
  project_id: "<project>",
  objective_name: "f1",
  status: "running",
  num_trials: 0,
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};

/** Optimizations [opik 11.5]. */
export const optimizationCases: readonly ConformanceCase[] = [
  {
    name: "an optimization is made with all that it can have, and read back",
    given: [dataset(), newIds("mine")],
    steps: [
      {
        ...made({ metadata: { optimizer: "x" }, studio_config: { llm_model: { model: "m" } } }),
        text: "",
        answerHeaders: { location: LOCATION },
      },
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 200,
        json: {
          ...MADE,
          status: "initialized",
          metadata: { optimizer: "x" },
          studio_config: { llm_model: { model: "m" } },
        },
      },
      {
        send: "GET /v1/private/datasets/<dataset>",
        status: 200,
        match: { id: "<dataset>", optimization_count: 1 },
      },
      {
        send: "GET /v1/private/datasets?name=<projectname>&with_optimizations_only=true",
        status: 200,
        match: { total: 1, content: [{ id: "<dataset>", optimization_count: 1 }] },
      },
    ],
  },
  {
    name: "an optimization without a name gets one, and makes its dataset",
    steps: [
      {
        send: CREATE,
        // The Python SDK sends null for what it has not.
        body: { dataset_name: "<projectname> set", objective_name: "f1", status: "completed", studio_config: null },
        status: 201,
        remember: { made: idInLocation },
      },
      {
        send: `GET ${OPTIMIZATIONS}/<made>`,
        status: 200,
        match: { name: GENERATED_NAME, dataset_name: "<projectname> set", status: "completed" },
        absent: ["project_id", "metadata", "studio_config", "feedback_scores"],
      },
      {
        send: "POST /v1/private/datasets/retrieve",
        body: { dataset_name: "<projectname> set" },
        status: 200,
        match: { optimization_count: 1 },
      },
    ],
  },
  {
    name: "an optimization of an id that is there is written anew",
    given: [dataset(), newIds("mine")],
    steps: [
      made({ studio_config: { a: 1 } }),
      {
        send: `PUT ${OPTIMIZATIONS}`,
        body: { ...BODY, name: " ", objective_name: "recall", status: "completed", project_name: "<projectname>" },
        status: 201,
        text: "",
        answerHeaders: { location: LOCATION },
      },
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 200,
        json: { ...MADE, objective_name: "recall", status: "completed", studio_config: { a: 1 } },
      },
      made({ name: "other", studio_config: { a: 2 } }),
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 200,
        json: { ...MADE, name: "other", studio_config: { a: 2 } },
      },
    ],
  },
  {
    name: "name and status of an optimization are changed",
    given: [dataset(), newIds("mine")],
    steps: [
      made(),
      { send: `PUT ${OPTIMIZATIONS}/<mine>`, body: { status: "cancelled" }, status: 204 },
      { send: `GET ${OPTIMIZATIONS}/<mine>`, status: 200, json: { ...MADE, status: "cancelled" } },
      { send: `PUT ${OPTIMIZATIONS}/<mine>`, body: { name: "better" }, status: 204 },
      { send: `GET ${OPTIMIZATIONS}/<mine>`, status: 200, json: { ...MADE, name: "better", status: "cancelled" } },
      {
        send: `PUT ${OPTIMIZATIONS}/<mine>`,
        body: { status: "error", metadata: { n: 1.5 }, error_info: { exception_type: "E", message: "m" } },
        status: 204,
      },
      { send: `PUT ${OPTIMIZATIONS}/<mine>`, body: { error_info: null, metadata: null, name: "failed" }, status: 204 },
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 200,
        match: { name: "failed", metadata: { n: 1.5 }, error_info: { exception_type: "E", message: "m" } },
      },
      { send: `PUT ${OPTIMIZATIONS}/<mine>`, body: {}, status: 204 },
      {
        send: `PUT ${OPTIMIZATIONS}/<mine>`,
        body: { name: " " },
        status: 422,
        errors: ["name must not be blank"],
      },
      { send: `PUT ${OPTIMIZATIONS}/<unknown>`, body: {}, status: 204 },
      {
        send: `PUT ${OPTIMIZATIONS}/<unknown>`,
        body: { status: "error" },
        status: 404,
        message: "Optimization id: <unknown> not found",
      },
    ],
  },
  {
    name: "an optimization counts its trials, and averages the scores of their traces",
    given: [
      dataset(),
      datasetItems("one"),
      newIds("mine"),
      async (world) => {
        const of = { optimization_id: world.things.get("mine") };
        await experiment("experiment", { ...of, type: "trial" })(world);
        await experiment("regular", of)(world);
      },
      endedTrace(),
      experimentItem(),
    ],
    steps: [
      made(),
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: { scores: [{ id: "<trace>", name: "f1", value: 0.5, source: "sdk" }] },
        status: 204,
      },
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 200,
        json: { ...MADE, num_trials: 1, feedback_scores: [{ name: "f1", value: 0.5 }] },
      },
    ],
  },
  {
    name: "optimizations are listed, the newest id first",
    given: [dataset(), dataset("other"), newIds("mine", "second")],
    steps: [
      made({ metadata: { optimizer: "x" } }),
      made({ id: "<second>", dataset_name: "<othername>", name: "Second", status: "error", project_name: undefined }),
      {
        send: `GET ${OPTIMIZATIONS}?dataset_name=<projectname>`,
        status: 200,
        match: { page: 1, size: 2, total: 2, content: [{ id: "<second>" }, { id: "<mine>" }] },
      },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_name=<projectname>&page=2&size=1`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<mine>" }] },
      },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_id=<dataset>`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [{ ...MADE, metadata: { optimizer: "x" } }],
          sortable_by: [],
        },
      },
      {
        send: `GET ${OPTIMIZATIONS}?project_id=<project>`,
        status: 200,
        match: { total: 1, content: [{ id: "<mine>" }] },
      },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_name=<projectname>&name=sec`,
        status: 200,
        match: { total: 1, content: [{ id: "<second>" }] },
      },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_name=<projectname>&${query({
          filters: JSON.stringify([{ field: "metadata", key: "optimizer", operator: "=", value: "x" }]),
        })}`,
        status: 200,
        match: { total: 1, content: [{ id: "<mine>" }] },
      },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_name=<projectname>&${query({
          filters: JSON.stringify([{ field: "status", operator: "=", value: "error" }]),
        })}`,
        status: 200,
        match: { total: 1, content: [{ id: "<second>" }] },
      },
      { send: "DELETE /v1/private/datasets/<dataset>", status: 204 },
      {
        send: `GET ${OPTIMIZATIONS}?dataset_deleted=true&project_id=<project>`,
        status: 200,
        match: { total: 1, content: [{ id: "<mine>", dataset_name: "<datasetname>" }] },
      },
    ],
  },
  {
    name: "optimizations are deleted, their experiments are not",
    given: [
      dataset(),
      newIds("mine"),
      (world) => experiment("experiment", { optimization_id: world.things.get("mine") })(world),
    ],
    steps: [
      made(),
      { send: `${CREATE}/delete`, body: { ids: ["<mine>", "<unknown>"] }, status: 204 },
      {
        send: `GET ${OPTIMIZATIONS}/<mine>`,
        status: 404,
        message: "Not found optimization with id '<mine>'",
      },
      {
        send: "GET /v1/private/experiments/<experiment>",
        status: 200,
        match: { id: "<experiment>", optimization_id: "<mine>" },
      },
      { send: `${CREATE}/delete`, body: { ids: [] }, status: 422, errors: ["ids size must be between 1 and 1000"] },
    ],
  },
  {
    name: "what is said of an optimization is checked",
    given: [dataset()],
    steps: [
      {
        send: CREATE,
        body: {},
        status: 422,
        errors: ["datasetName must not be blank", "objectiveName must not be blank", "status must not be null"],
      },
      {
        send: CREATE,
        body: { ...BODY, id: "11111111-1111-4111-8111-111111111111" },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "Optimization id must be a version 7 UUID" },
      },
      {
        send: CREATE,
        body: { ...BODY, id: undefined, project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
    ],
  },
];
