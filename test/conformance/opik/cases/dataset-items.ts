import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { dataset, datasetItems, newIds, query } from "../given.ts";

const DATASETS = "/v1/private/datasets";
const ITEMS = `${DATASETS}/items`;
const PUT = `PUT ${ITEMS}`;
const STREAM = `POST ${ITEMS}/stream`;
const OCTETS = { "content-type": "application/octet-stream" };
const ITEM_NOT_FOUND = ["Dataset item not found"];
const AUTHORS = {
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};
const JUDGE = { name: "judge", type: "llm_judge", config: { model: "m" } };
const FOUR = "11111111-1111-4111-8111-111111111111";

/** An item with its data, to be written. */
const item = (data: object, more: object = {}): object => ({ source: "sdk", data, ...more });

/** An item that only has data, as it is read. */
const plain = (name: string, data: object = { q: name }): object => ({
  id: `<${name}>`,
  dataset_item_id: `<${name}>`,
  source: "sdk",
  data,
  dataset_id: "<dataset>",
  ...AUTHORS,
});

const DATA_IS_TWO = { field: "data", key: "q", operator: "=", value: "two", type: "map" };

/** What is said of the items of a request, by its path. */
const REFUSED: ReadonlyArray<readonly [item: object, error: string]> = [
  [{ data: { a: 1 } }, "items[0].source must not be null"],
  [{ source: "sdk" }, "items[0].data must not be empty"],
  [{ source: "sdk", data: null }, "items[0].data must not be empty"],
  [item({}), "items[0].data must not be empty"],
  [item({ a: 1 }, { description: " " }), "items[0].description must not be blank"],
  [item({ a: 1 }, { trace_id: "<unknown>" }), "items[0].source when it is sdk, trace_id must be null"],
  [
    item({ a: 1 }, { source: "manual", span_id: "<unknown>" }),
    "items[0].source when it is manual, span_id must be null",
  ],
  [item({ a: 1 }, { source: "trace" }), "items[0].source when it is trace, trace_id must not be null"],
  [
    item({ a: 1 }, { source: "span", trace_id: "<unknown>" }),
    "items[0].source when it is span, span_id must not be null",
  ],
  [item({ a: 1 }, { evaluators: [{ ...JUDGE, name: "" }] }), "items[0].evaluators[0].name must not be blank"],
  [item({ a: 1 }, { evaluators: [{ name: "a", config: {} }] }), "items[0].evaluators[0].type must not be null"],
  [
    item({ a: 1 }, { execution_policy: { runs_per_item: 0 } }),
    "items[0].executionPolicy.runsPerItem must be greater than or equal to 1",
  ],
  [
    item({ a: 1 }, { execution_policy: { pass_threshold: 101 } }),
    "items[0].executionPolicy.passThreshold must be less than or equal to 100",
  ],
];

/** Items of datasets [opik 10.2]. */
export const datasetItemCases: readonly ConformanceCase[] = [
  {
    name: "an item is written with all that it can have, and read back",
    given: [dataset(), newIds("mine", "trace", "span")],
    steps: [
      {
        send: PUT,
        body: {
          dataset_id: "<dataset>",
          items: [
            {
              id: "<mine>",
              source: "span",
              trace_id: "<trace>",
              span_id: "<span>",
              data: { n: 1.5, list: [1], none: null, o: {}, yes: true, q: "why" },
              description: "Mine",
              tags: ["a", "a"],
              evaluators: [JUDGE],
              execution_policy: { runs_per_item: 3, pass_threshold: 2 },
            },
          ],
        },
        status: 204,
      },
      {
        send: `GET ${ITEMS}/<mine>`,
        status: 200,
        json: {
          id: "<mine>",
          dataset_item_id: "<mine>",
          trace_id: "<trace>",
          span_id: "<span>",
          source: "span",
          data: { n: 1.5, list: [1], none: null, o: {}, yes: true, q: "why" },
          description: "Mine",
          tags: ["a"],
          evaluators: [JUDGE],
          execution_policy: { runs_per_item: 3, pass_threshold: 2 },
          dataset_id: "<dataset>",
          ...AUTHORS,
        },
      },
      {
        send: `GET ${DATASETS}/<dataset>/items`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [
            {
              id: "<mine>",
              dataset_item_id: "<mine>",
              trace_id: "<trace>",
              span_id: "<span>",
              source: "span",
              data: { n: 1.5, list: [1], none: null, o: {}, yes: true, q: "why" },
              description: "Mine",
              tags: ["a"],
              evaluators: [JUDGE],
              execution_policy: { runs_per_item: 3, pass_threshold: 2 },
              dataset_id: "<dataset>",
              ...AUTHORS,
            },
          ],
          columns: [
            { name: "n", types: ["number"], filter_field_prefix: "data", filter_field: "data.n" },
            { name: "list", types: ["array"], filter_field_prefix: "data", filter_field: "data.list" },
            { name: "none", types: ["null"], filter_field_prefix: "data", filter_field: "data.none" },
            { name: "o", types: ["object"], filter_field_prefix: "data", filter_field: "data.o" },
            { name: "yes", types: ["boolean"], filter_field_prefix: "data", filter_field: "data.yes" },
            { name: "q", types: ["string"], filter_field_prefix: "data", filter_field: "data.q" },
          ],
          sortable_by: [],
        },
      },
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", project_name: "<projectname>", last_retrieved_id: null },
        status: 200,
        match: { id: "<mine>", data: { q: "why" }, evaluators: [JUDGE] },
        answerHeaders: OCTETS,
      },
    ],
  },
  {
    name: "items are streamed and listed, the newest id first",
    given: [dataset(), datasetItems("one", "two", "three")],
    steps: [
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", steam_limit: 1 },
        status: 200,
        json: plain("three"),
        answerHeaders: OCTETS,
      },
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", steam_limit: 1, last_retrieved_id: "<three>" },
        status: 200,
        json: plain("two"),
        answerHeaders: OCTETS,
      },
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", last_retrieved_id: "<one>" },
        status: 200,
        text: "",
        answerHeaders: OCTETS,
      },
      {
        send: `GET ${DATASETS}/<dataset>/items?size=2&page=1`,
        status: 200,
        match: { page: 1, size: 2, total: 3, content: [{ id: "<three>" }, { id: "<two>" }] },
      },
      {
        send: `GET ${DATASETS}/<dataset>/items?size=2&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 3, content: [{ id: "<one>" }] },
      },
      { send: `GET ${DATASETS}/<unknown>/items`, status: 200, match: { total: 0, content: [] } },
    ],
  },
  {
    name: "a stream of an unknown dataset is empty, one of an unknown version is refused",
    given: [dataset(), datasetItems("one")],
    steps: [
      { send: STREAM, body: { dataset_name: "<unknown>" }, status: 200, text: "", answerHeaders: OCTETS },
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", dataset_version: "none" },
        status: 404,
        message: "Version not found for dataset hash='none' datasetId='<dataset>'",
      },
      { send: STREAM, body: { dataset_name: "" }, status: 422, errors: ["datasetName must not be blank"] },
      {
        send: STREAM,
        body: { dataset_name: "x", steam_limit: 0 },
        status: 422,
        errors: ["steamLimit must be greater than or equal to 1"],
      },
      {
        send: STREAM,
        body: { dataset_name: "x", steam_limit: 2001 },
        status: 422,
        errors: ["steamLimit must be less than or equal to 2000"],
      },
    ],
  },
  {
    name: "items that are written by the name of a dataset make it",
    given: [newIds("one")],
    steps: [
      {
        send: PUT,
        body: {
          dataset_name: "<projectname> set",
          project_name: "<projectname>",
          items: [item({ a: 1 }, { id: "<one>" })],
        },
        status: 204,
      },
      {
        send: `POST ${DATASETS}/retrieve`,
        body: { dataset_name: "<projectname> set", project_name: "<projectname>" },
        status: 200,
        match: { project_id: "<project>", dataset_items_count: 1 },
      },
    ],
  },
  {
    name: "an item of an id that is there is replaced, and keeps when it was made",
    given: [dataset(), datasetItems("one")],
    steps: [
      { send: PUT, body: { dataset_id: "<dataset>", items: [item({ b: 2 }, { id: "<one>" })] }, status: 204 },
      { send: `GET ${ITEMS}/<one>`, status: 200, json: plain("one", { b: 2 }) },
      {
        send: `GET ${DATASETS}/<dataset>/versions`,
        status: 200,
        match: { total: 1, content: [{ items_modified: 1 }] },
      },
    ],
  },
  {
    name: "what is written of items is checked",
    given: [dataset()],
    steps: [
      ...REFUSED.map(([refused, error]) => ({
        send: PUT,
        body: { dataset_id: "<dataset>", items: [refused] },
        status: 422,
        errors: [error],
      })),
      {
        send: PUT,
        body: { items: [item({ a: 1 })] },
        status: 422,
        errors: ["must provide either a dataset_name or a dataset_id"],
      },
      { send: PUT, body: { dataset_id: "<dataset>" }, status: 422, errors: ["items must not be null"] },
      {
        send: PUT,
        body: { dataset_id: "<dataset>", items: [] },
        status: 422,
        errors: ["items size must be between 1 and 1000"],
      },
      {
        send: PUT,
        body: { dataset_id: "<dataset>", items: [item({ a: 1 })], copy_from_dataset_id: "<dataset>" },
        status: 422,
        errors: ["copy_from_dataset_id and copy_from_version_id must be provided together"],
      },
      {
        send: PUT,
        body: { dataset_id: "<dataset>", items: [item([])] },
        status: 400,
        message: /^Unable to process JSON/,
      },
      {
        send: PUT,
        body: { dataset_id: "<dataset>", items: [{ ...item({ a: 1 }), source: "other" }] },
        status: 400,
        message: /Unknown dataset item source: other/,
      },
      {
        send: PUT,
        body: { dataset_id: "<dataset>", items: [item({ a: 1 }, { id: FOUR })] },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "dataset_item id must be a version 7 UUID" },
      },
      {
        send: PUT,
        body: { dataset_id: "<unknown>", items: [item({ a: 1 })] },
        status: 404,
        errors: ["Dataset not found"],
      },
      { send: `GET ${DATASETS}/<dataset>/versions`, status: 200, match: { total: 0 } },
    ],
  },
  {
    name: "an item is changed in a new version",
    given: [dataset(), datasetItems("one", "two")],
    steps: [
      { send: `PATCH ${ITEMS}/<one>`, body: { data: { c: 3 }, tags: ["t"] }, status: 204 },
      { send: `GET ${ITEMS}/<one>`, status: 200, json: { ...plain("one", { c: 3 }), tags: ["t"] } },
      {
        send: `GET ${DATASETS}/<dataset>/versions?size=1`,
        status: 200,
        match: {
          total: 2,
          content: [{ items_total: 2, items_added: 0, items_modified: 1, change_description: "Updated 1 item" }],
        },
      },
      { send: `PATCH ${ITEMS}/<unknown>`, body: { data: { c: 3 } }, status: 404, errors: ITEM_NOT_FOUND },
      { send: `PATCH ${ITEMS}/<one>`, body: { data: {} }, status: 422, errors: ["data must not be empty"] },
      { send: `GET ${ITEMS}/<unknown>`, status: 404, errors: ITEM_NOT_FOUND },
    ],
  },
  {
    name: "several items are changed in one new version",
    given: [dataset(), datasetItems("one", "two")],
    steps: [
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { ids: ["<one>", "<two>"], update: { tags: ["a"], execution_policy: { runs_per_item: 2 } } },
        status: 204,
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { ids: ["<one>"], update: { tags: ["b"], clear_execution_policy: true }, merge_tags: true },
        status: 204,
      },
      { send: `GET ${ITEMS}/<one>`, status: 200, json: { ...plain("one"), tags: ["a", "b"] } },
      {
        send: `GET ${ITEMS}/<two>`,
        status: 200,
        json: { ...plain("two"), tags: ["a"], execution_policy: { runs_per_item: 2 } },
      },
      {
        send: `GET ${DATASETS}/<dataset>/versions?size=2`,
        status: 200,
        match: {
          total: 3,
          content: [{ change_description: "Updated 1 item" }, { change_description: "Updated 2 items" }],
        },
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { update: {} },
        status: 422,
        errors: ["Either 'ids' or 'filters' must be provided."],
      },
      { send: `PATCH ${ITEMS}/batch`, body: { ids: ["<one>"] }, status: 422, errors: ["update must not be null"] },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { ids: ["<unknown>"], update: {} },
        status: 404,
        errors: ["Dataset items not found"],
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { ids: ["<one>"], update: { tags_to_add: Array.from({ length: 49 }, (_, index) => `t${index}`) } },
        status: 422,
        errors: ["Tag limit exceeded: maximum 50 tags per item"],
      },
    ],
  },
  {
    name: "items are deleted from the latest version",
    given: [dataset(), datasetItems("one", "two", "three")],
    steps: [
      { send: `POST ${ITEMS}/delete`, body: { item_ids: ["<one>", "<unknown>"] }, status: 204 },
      { send: `POST ${ITEMS}/delete`, body: { item_ids: ["<unknown>"] }, status: 204 },
      { send: `GET ${ITEMS}/<one>`, status: 404, errors: ITEM_NOT_FOUND },
      {
        send: `GET ${DATASETS}/<dataset>/versions`,
        status: 200,
        match: { total: 1, content: [{ items_total: 2, items_deleted: 1 }] },
      },
      { send: `POST ${ITEMS}/delete`, body: { dataset_id: "<dataset>" }, status: 204 },
      { send: `GET ${DATASETS}/<dataset>/items`, status: 200, match: { total: 0, content: [] } },
      { send: `POST ${ITEMS}/delete`, body: { dataset_id: "<unknown>" }, status: 404, errors: ["Dataset not found"] },
      {
        send: `POST ${ITEMS}/delete`,
        body: {},
        status: 422,
        errors: [
          "Either 'item_ids' (to delete specific items) or 'dataset_id' (to delete by filters) must be provided.",
        ],
      },
      {
        send: `POST ${ITEMS}/delete`,
        body: { item_ids: ["<one>"], dataset_id: "<dataset>" },
        status: 422,
        errors: [
          "Cannot provide 'dataset_id' or 'filters' when using 'item_ids'. Use 'item_ids' alone to delete specific items.",
        ],
      },
    ],
  },
  {
    name: "items are filtered",
    given: [dataset(), datasetItems("one", "two", "three")],
    steps: [
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", filters: JSON.stringify([DATA_IS_TWO]) },
        status: 200,
        json: plain("two"),
        answerHeaders: OCTETS,
      },
      {
        send: `GET ${DATASETS}/<dataset>/items?${query({ filters: JSON.stringify([DATA_IS_TWO]) })}`,
        status: 200,
        match: { size: 1, total: 1, content: [{ id: "<two>" }] },
      },
      ...[
        { field: "id", operator: "=", value: "<two>" },
        { field: "full_data", operator: "contains", value: "two" },
      ].map((filter) => ({
        send: STREAM,
        body: { dataset_name: "<datasetname>", filters: `[${JSON.stringify(filter)}]` },
        status: 200,
        match: { id: "<two>" },
        answerHeaders: OCTETS,
      })),
      {
        send: STREAM,
        body: { dataset_name: "<datasetname>", filters: "[{}]" },
        status: 400,
        message: "Invalid filters query parameter '[{}]'",
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { filters: [DATA_IS_TWO], dataset_id: "<dataset>", update: { tags: ["t"] } },
        status: 204,
      },
      { send: `GET ${ITEMS}/<two>`, status: 200, match: { tags: ["t"] } },
      {
        send: `GET ${DATASETS}/<dataset>/versions?size=1`,
        status: 200,
        match: { total: 2, content: [{ items_modified: 1, change_description: "Updated 1 item by filters" }] },
      },
      {
        send: `POST ${ITEMS}/delete`,
        body: { dataset_id: "<dataset>", filters: [{ field: "tags", operator: "=", value: "t" }] },
        status: 204,
      },
      {
        send: `GET ${DATASETS}/<dataset>/items`,
        status: 200,
        match: { total: 2, content: [{ id: "<three>" }, { id: "<one>" }] },
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { filters: [DATA_IS_TWO], ids: ["<one>"], dataset_id: "<dataset>", update: {} },
        status: 422,
        errors: [
          "Cannot provide both 'ids' and 'filters'. Use 'ids' for specific items or 'filters' to update items matching the filter criteria.",
        ],
      },
      {
        send: `PATCH ${ITEMS}/batch`,
        body: { filters: [DATA_IS_TWO], update: {} },
        status: 422,
        errors: [
          "'dataset_id' is required when using 'filters'. This ensures updates are scoped to a specific dataset.",
        ],
      },
    ],
  },
  {
    name: "items of several datasets are not deleted at once",
    given: [dataset(), datasetItems("one"), dataset("second"), newIds("two")],
    steps: [
      { send: PUT, body: { dataset_id: "<second>", items: [item({ a: 1 }, { id: "<two>" })] }, status: 204 },
      {
        send: `POST ${ITEMS}/delete`,
        body: { item_ids: ["<one>", "<two>"] },
        status: 400,
        message: "Cannot operate on items across multiple datasets",
      },
    ],
  },
];
