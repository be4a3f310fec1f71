import { type ConformanceCase, idInLocation } from "../../case.ts";
import { HASH, TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, datasetItems, newIds } from "../given.ts";

const DATASETS = "/v1/private/datasets";
const CREATE = `POST ${DATASETS}`;
const RETRIEVE = `POST ${DATASETS}/retrieve`;
const NOT_FOUND = ["Dataset not found"];
const SORTABLE_BY = [
  "id",
  "name",
  "description",
  "tags",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
  "last_created_experiment_at",
];

/** Datasets [opik 10.1]. */
export const datasetCases: readonly ConformanceCase[] = [
  {
    name: "a dataset is made, and read by its id and by its name",
    steps: [
      {
        send: CREATE,
        body: {
          name: "<projectname> set",
          project_name: "<projectname>",
          description: "Mine",
          type: "evaluation_suite",
          visibility: "public",
          tags: ["a"],
        },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/datasets\/[0-9a-f-]{36}$/ },
        remember: { made: idInLocation },
      },
      {
        send: `GET ${DATASETS}/<made>`,
        status: 200,
        json: {
          id: "<made>",
          name: "<projectname> set",
          project_id: "<project>",
          type: "evaluation_suite",
          visibility: "public",
          tags: ["a"],
          description: "Mine",
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
          experiment_count: 0,
          dataset_items_count: 0,
          optimization_count: 0,
          status: "unknown",
        },
      },
      {
        send: RETRIEVE,
        body: { dataset_name: "<projectname> SET", project_name: "<projectname>" },
        status: 200,
        match: { id: "<made>", description: "Mine" },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
    ],
  },
  {
    name: "a dataset with items shows its latest version",
    given: [dataset(), datasetItems("one")],
    steps: [
      {
        send: `GET ${DATASETS}/<dataset>`,
        status: 200,
        match: {
          type: "dataset",
          visibility: "private",
          dataset_items_count: 1,
          latest_version: {
            id: UUID,
            version_hash: HASH,
            version_name: "v1",
            change_description: "Auto-created from SDK batch operation",
            tags: ["latest"],
          },
        },
      },
    ],
  },
  {
    name: "a dataset keeps the id that its client chose",
    given: [newIds("mine")],
    steps: [
      { send: CREATE, body: { id: "<mine>", name: "<projectname> set" }, status: 201 },
      { send: `GET ${DATASETS}/<mine>`, status: 200, match: { name: "<projectname> set" }, absent: ["project_id"] },
      {
        send: CREATE,
        body: { id: "<mine>", name: "<projectname> other" },
        status: 409,
        errors: ["Dataset already exists with name '<projectname> other'"],
      },
      {
        send: CREATE,
        body: { id: "11111111-1111-4111-8111-111111111111", name: "<projectname> fourth" },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "dataset id must be a version 7 UUID" },
      },
    ],
  },
  {
    name: "a dataset needs a name, and its fields are checked",
    steps: [
      ...[{}, { name: null }, { name: " " }].map((body) => ({
        send: CREATE,
        body,
        status: 422,
        errors: ["name must not be blank"],
      })),
      { send: CREATE, body: { name: "x", project_name: " " }, status: 422, errors: ["projectName must not be blank"] },
      {
        send: CREATE,
        body: { name: "x", description: "d".repeat(256) },
        status: 422,
        errors: ["description cannot exceed 255 characters"],
      },
      { send: CREATE, body: { name: "x", description: " " }, status: 422, errors: ["description must not be blank"] },
      { send: CREATE, body: { name: "x", project_id: "<unknown>" }, status: 404, errors: ["Project not found"] },
      { send: CREATE, body: { name: "x", type: "other" }, status: 400, message: /Unknown dataset type: other/ },
      { send: RETRIEVE, body: {}, status: 422, errors: ["datasetName must not be blank"] },
      { send: `POST ${DATASETS}/delete`, body: {}, status: 422, errors: ["datasetName must not be blank"] },
      { send: `POST ${DATASETS}/delete-batch`, body: {}, status: 422, errors: ["ids must not be null"] },
    ],
  },
  {
    name: "a name is taken in its project only",
    steps: [
      { send: CREATE, body: { name: "<projectname> set", project_id: "<project>" }, status: 201 },
      {
        send: CREATE,
        body: { name: "<projectname> SET", project_name: "<projectname>" },
        status: 409,
        errors: ["Dataset already exists with name '<projectname> SET'"],
      },
      { send: CREATE, body: { name: "<projectname> set" }, status: 201 },
      { send: CREATE, body: { name: "<projectname> set", project_name: "<projectname> two" }, status: 201 },
    ],
  },
  {
    name: "a dataset that is not in the named project is found in the workspace, with a notice",
    given: [dataset()],
    steps: [
      {
        send: RETRIEVE,
        body: { dataset_name: "<datasetname>", project_name: "elsewhere" },
        status: 200,
        match: { id: "<dataset>" },
        answerHeaders: {
          "x-opik-deprecation":
            "Dataset '<datasetname>' was found via workspace-wide search. In a future version, you will need to specify the project explicitly.",
        },
      },
      {
        send: RETRIEVE,
        body: { dataset_name: "<datasetname>" },
        status: 200,
        match: { id: "<dataset>" },
        answerHeaders: { "x-opik-deprecation": undefined },
      },
    ],
  },
  {
    name: "a dataset is updated: a description that is left out is deleted",
    given: [dataset()],
    steps: [
      { send: CREATE, body: { name: "<projectname> other", project_name: "<projectname>" }, status: 201 },
      {
        send: `PUT ${DATASETS}/<dataset>`,
        body: { name: "<projectname> new", visibility: "public", tags: ["b", "b"], description: "New" },
        status: 204,
      },
      {
        send: `GET ${DATASETS}/<dataset>`,
        status: 200,
        match: { name: "<projectname> new", visibility: "public", tags: ["b"], description: "New" },
      },
      { send: `PUT ${DATASETS}/<dataset>`, body: { name: "<projectname> new" }, status: 204 },
      {
        send: `GET ${DATASETS}/<dataset>`,
        status: 200,
        match: { visibility: "public", tags: ["b"] },
        absent: ["description"],
      },
      {
        send: `PUT ${DATASETS}/<dataset>`,
        body: { name: "<projectname> other" },
        status: 409,
        errors: ["Dataset already exists with name '<projectname> other'"],
      },
      { send: `PUT ${DATASETS}/<unknown>`, body: { name: "x" }, status: 404, errors: NOT_FOUND },
      { send: `PUT ${DATASETS}/<dataset>`, body: {}, status: 422, errors: ["name must not be blank"] },
    ],
  },
  {
    name: "datasets are deleted by their ids and by their names",
    given: [dataset(), dataset("second"), dataset("third"), datasetItems("one")],
    steps: [
      { send: `DELETE ${DATASETS}/<dataset>`, status: 204 },
      { send: `DELETE ${DATASETS}/<dataset>`, status: 204 },
      { send: `GET ${DATASETS}/<dataset>`, status: 404, errors: NOT_FOUND },
      { send: `GET ${DATASETS}/items/<one>`, status: 404, errors: ["Dataset item not found"] },
      { send: `GET ${DATASETS}/<dataset>/versions`, status: 200, match: { total: 0, content: [] } },
      { send: `POST ${DATASETS}/delete`, body: { dataset_name: "<secondname>" }, status: 204 },
      { send: `POST ${DATASETS}/delete`, body: { dataset_name: "<secondname>" }, status: 404, errors: NOT_FOUND },
      { send: RETRIEVE, body: { dataset_name: "<secondname>" }, status: 404, errors: NOT_FOUND },
      { send: `POST ${DATASETS}/delete-batch`, body: { ids: ["<third>", "<unknown>"] }, status: 204 },
      { send: `GET ${DATASETS}/<third>`, status: 404, errors: NOT_FOUND },
    ],
  },
  {
    name: "datasets are listed, the newest first, by project and by a part of the name",
    given: [dataset(), dataset("second")],
    steps: [
      {
        send: `GET ${DATASETS}?project_id=<project>&size=1`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 2,
          content: [
            {
              id: "<second>",
              name: "<secondname>",
              project_id: "<project>",
              type: "dataset",
              visibility: "private",
              created_at: TIMESTAMP,
              created_by: "admin",
              last_updated_at: TIMESTAMP,
              last_updated_by: "admin",
              experiment_count: 0,
              dataset_items_count: 0,
              optimization_count: 0,
              status: "unknown",
            },
          ],
          sortable_by: SORTABLE_BY,
        },
      },
      {
        send: `GET ${DATASETS}?project_id=<project>&size=1&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<dataset>" }] },
      },
      {
        send: `GET ${DATASETS}?project_id=<project>&sorting=[{"field":"name","direction":"ASC"}]`.replaceAll(
          '"',
          "%22",
        ),
        status: 200,
        match: { content: [{ id: "<dataset>" }, { id: "<second>" }] },
      },
      { send: `GET ${DATASETS}?name=<secondname>`, status: 200, match: { total: 1, content: [{ id: "<second>" }] } },
      {
        send: `GET ${DATASETS}?name=<secondname>&with_experiments_only=true`,
        status: 200,
        match: { total: 0, content: [] },
      },
      {
        send: `GET ${DATASETS}?name=<secondname>&with_optimizations_only=true`,
        status: 200,
        match: { total: 0, content: [] },
      },
    ],
  },
];
