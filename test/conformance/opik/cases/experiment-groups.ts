import type { ConformanceCase, Step } from "../../case.ts";
import { dataset, datasetItems, endedTrace, experiment, experimentItem, query } from "../given.ts";

const GROUPS = "GET /v1/private/experiments/groups";
const BY_DATASET = { field: "dataset_id" };
const BY_MODEL = { field: "metadata", key: "model.name", type: "dictionary" };
const BY_TAGS = { field: "tags", type: "list" };

/** Asks for groups of the experiments whose names have the project's. */
const ask = (groups: unknown, more: Readonly<Record<string, string>> = {}): string =>
  `${GROUPS}?${query({ groups: typeof groups === "string" ? groups : JSON.stringify(groups), name: "<projectname>", ...more })}`;

const aggregated = (groups: unknown, more: Readonly<Record<string, string>> = {}): string =>
  ask(groups, more).replace("/groups?", "/groups/aggregations?");

const refused = (groups: string, message: string): Step[] =>
  [ask, aggregated].map((asked) => ({ send: asked(groups), status: 400, json: { code: 400, message } }));

/** What a group of experiments without traces, costs and scores comes to. */
const EMPTY = { experiment_count: 1, trace_count: 0 };

/** Experiments in groups [opik 11.6]. */
export const experimentGroupCases: readonly ConformanceCase[] = [
  {
    name: "experiments are grouped by what they have in common, the newest group first",
    given: [
      dataset(),
      experiment("first", { metadata: { model: { name: "small" } }, tags: ["x", "y"] }),
      experiment("last", { metadata: { model: { name: 7 } } }),
    ],
    steps: [
      {
        send: ask([BY_TAGS]),
        status: 200,
        json: {
          content: { x: { groups: {} }, y: { groups: {} }, "": { groups: {} } },
          details: { groups_details: [{ group_sorting: ["", "x", "y"] }] },
        },
      },
      {
        send: ask([BY_MODEL, BY_TAGS]),
        status: 200,
        json: {
          content: {
            small: { groups: { x: { groups: {} }, y: { groups: {} } } },
            "7": { groups: { "": { groups: {} } } },
          },
          details: { groups_details: [{ group_sorting: ["7", "small"] }, { group_sorting: ["", "x", "y"] }] },
        },
      },
      {
        send: ask(Array.from({ length: 40 }, (_, index) => ({ ...BY_TAGS, key: String(index % 2) }))),
        status: 200,
        match: {
          details: { groups_details: Array.from({ length: 40 }, () => ({ group_sorting: ["", "x", "y"] })) },
        },
      },
      {
        send: ask([BY_DATASET, { field: "project_id", type: "string" }], { name: "<firstname>" }),
        status: 200,
        json: {
          content: {
            "<dataset>": { label: "<datasetname>", groups: { "<project>": { label: "<projectname>", groups: {} } } },
          },
          details: { groups_details: [{ group_sorting: ["<datasetname>"] }, { group_sorting: ["<projectname>"] }] },
        },
      },
      {
        send: ask([BY_MODEL], { types: '["trial"]' }),
        status: 200,
        json: { content: {}, details: { groups_details: [{ group_sorting: [] }] } },
      },
      {
        send: ask([{ field: "metadata", key: "$['model']" }], { project_id: "<project>" }),
        status: 200,
        json: { content: { "": { groups: {} } }, details: { groups_details: [{ group_sorting: [""] }] } },
      },
      {
        send: ask([BY_MODEL], { project_deleted: "true" }),
        status: 200,
        match: { details: { groups_details: [{ group_sorting: [] }] } },
      },
      {
        send: ask([BY_MODEL], { filters: '[{"field":"tags","operator":"contains","value":"x"}]' }),
        status: 200,
        match: { details: { groups_details: [{ group_sorting: ["small"] }] } },
      },
    ],
  },
  {
    name: "groups of experiments have the totals of their experiments, and outer groups those of the inner ones",
    given: [
      dataset(),
      datasetItems("one"),
      experiment("experiment", { tags: ["x"], experiment_scores: [{ name: "total", value: 0.5 }] }),
      endedTrace(),
      experimentItem("run", "one"),
      experiment("second", { tags: ["y"] }),
    ],
    steps: [
      {
        send: "PUT /v1/private/traces/feedback-scores",
        body: { scores: [{ id: "<trace>", project_name: "<projectname>", name: "f1", value: 0.5, source: "sdk" }] },
        status: 204,
      },
      {
        send: aggregated([BY_DATASET, BY_TAGS]),
        status: 200,
        json: {
          content: {
            "<dataset>": {
              label: "<datasetname>",
              aggregations: {
                experiment_count: 2,
                trace_count: 1,
                total_estimated_cost: 0.25,
                total_estimated_cost_avg: 0.125,
                duration: { p50: 1500, p90: 1500, p99: 1500 },
                feedback_scores: [{ name: "f1", value: 0.5 }],
                experiment_scores: [{ name: "total", value: 0.5 }],
              },
              groups: {
                x: {
                  label: "x",
                  aggregations: {
                    experiment_count: 1,
                    trace_count: 1,
                    total_estimated_cost: 0.25,
                    total_estimated_cost_avg: 0.25,
                    duration: { p50: 1500, p90: 1500, p99: 1500 },
                    feedback_scores: [{ name: "f1", value: 0.5 }],
                    experiment_scores: [{ name: "total", value: 0.5 }],
                  },
                  groups: {},
                },
                y: { label: "y", aggregations: EMPTY, groups: {} },
              },
            },
          },
        },
      },
      { send: aggregated([BY_TAGS], { types: '["trial"]' }), status: 200, json: { content: {} } },
    ],
  },
  {
    name: "what experiments are grouped by is checked",
    steps: [
      ...refused("", "Required query parameter 'groups' is missing"),
      ...refused("[]", "At least one grouping field must be specified"),
      ...refused("x", "Invalid grouping query parameter 'x'"),
      ...refused("{}", "Invalid grouping query parameter '{}'"),
      ...refused("[1]", "Invalid grouping query parameter '[1]'"),
      ...refused('[{"field":"tags","type":"x"}]', `Invalid grouping query parameter '[{"field":"tags","type":"x"}]'`),
      ...refused(
        '[{"field":"name"}]',
        "Invalid grouping field: name. Supported fields are: [metadata, dataset_id, tags, project_id]",
      ),
      ...refused('[{"field":"metadata"}]', "Key must be specified for json field 'metadata'"),
      ...refused('[{"field":"tags","type":"string"}]', "Invalid field type 'STRING' for field 'tags'"),
      ...refused('[{"field":"metadata","type":"list"}]', "Invalid field type 'LIST' for field 'metadata'"),
    ],
  },
];
