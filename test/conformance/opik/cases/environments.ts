import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { newIds } from "../given.ts";

const ENVIRONMENTS = "/v1/private/environments";
const CREATE = `POST ${ENVIRONMENTS}`;
const LIST = `GET ${ENVIRONMENTS}`;
const DELETE = `POST ${ENVIRONMENTS}/delete`;
const NOT_FOUND = ["Environment not found"];
const PATTERN = "must match '^[A-Za-z0-9_-]+$'";
const START = "2026-01-01T00:00:00Z";
const STAMPS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const EMPTY = { page: 1, size: 0, total: 0, content: [], sortable_by: ["created_at"] };

/** Environments [opik 9.1]. A workspace has at most twenty, so that each case needs a server of its own. */
export const environmentCases: readonly ConformanceCase[] = [
  {
    name: "an environment is made, read and listed",
    alone: true,
    given: [newIds("chosen")],
    steps: [
      { send: LIST, status: 200, json: EMPTY },
      {
        send: CREATE,
        body: { id: "<chosen>", name: "staging", description: "Before", color: "#abcdef", position: 3 },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/environments\/[0-9a-f-]{36}$/ },
        remember: { made: idInLocation },
      },
      {
        send: `GET ${ENVIRONMENTS}/<chosen>`,
        status: 200,
        json: {
          id: "<made>",
          name: "staging",
          description: "Before",
          color: "#abcdef",
          position: 3,
          ...STAMPS,
        },
      },
      { send: CREATE, body: { name: "prod_2-B", description: null }, status: 201, remember: { other: idInLocation } },
      {
        send: LIST,
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 2,
          content: [
            {
              id: "<chosen>",
              name: "staging",
              description: "Before",
              color: "#abcdef",
              position: 3,
              ...STAMPS,
            },
            { id: "<other>", name: "prod_2-B", color: "default", position: 0, ...STAMPS },
          ],
          sortable_by: ["created_at"],
        },
      },
    ],
  },
  {
    name: "an environment is checked before it is made",
    alone: true,
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["name must not be blank"] },
      { send: CREATE, body: { name: null }, status: 422, errors: ["name must not be blank"] },
      { send: CREATE, body: { name: "" }, status: 422, errors: ["name must not be blank", `name ${PATTERN}`] },
      { send: CREATE, body: { name: "two words" }, status: 422, errors: [`name ${PATTERN}`] },
      { send: CREATE, body: { name: "x".repeat(151) }, status: 422, errors: ["name cannot exceed 150 characters"] },
      {
        send: CREATE,
        body: { name: "a", description: "x".repeat(501), color: "x".repeat(21) },
        status: 422,
        errors: ["description cannot exceed 500 characters", "color cannot exceed 20 characters"],
      },
      {
        send: CREATE,
        body: { id: "0190babc-62a0-41d2-832a-0feffa4676eb", name: "a" },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "environment id must be a version 7 UUID" },
      },
      { send: CREATE, body: { name: "a", position: "x" }, status: 400, message: /^Unable to process JSON\. / },
      { send: CREATE, status: 422, errors: ["The request body must not be null"] },
      {
        send: CREATE,
        body: { name: "x".repeat(150), description: "x".repeat(500), color: "x".repeat(20) },
        status: 201,
      },
      { send: LIST, status: 200, match: { total: 1 } },
    ],
  },
  {
    name: "the name of an environment is taken whatever its case",
    alone: true,
    steps: [
      { send: CREATE, body: { name: "staging" }, status: 201, remember: { made: idInLocation } },
      {
        send: CREATE,
        body: { name: "Staging" },
        status: 409,
        errors: ["Environment with name 'Staging' already exists in the workspace"],
      },
      {
        send: CREATE,
        body: { id: "<made>", name: "other" },
        status: 409,
        errors: ["Environment with name 'other' already exists in the workspace"],
      },
      { send: LIST, status: 200, match: { total: 1 } },
    ],
  },
  {
    name: "an environment is updated in the fields that are given",
    alone: true,
    steps: [
      {
        send: CREATE,
        body: { name: "staging", description: "Before", color: "red", position: 1 },
        status: 201,
        remember: { made: idInLocation },
      },
      { send: CREATE, body: { name: "other" }, status: 201 },
      { send: `PATCH ${ENVIRONMENTS}/<made>`, body: { color: "blue" }, status: 204, text: "" },
      {
        send: `GET ${ENVIRONMENTS}/<made>`,
        status: 200,
        match: { name: "staging", description: "Before", color: "blue", position: 1 },
      },
      {
        send: `PATCH ${ENVIRONMENTS}/<made>`,
        body: { name: "STAGING", description: "After", position: 2 },
        status: 204,
        text: "",
      },
      {
        send: `GET ${ENVIRONMENTS}/<made>`,
        status: 200,
        match: { name: "STAGING", description: "After", color: "blue", position: 2 },
      },
      {
        send: `PATCH ${ENVIRONMENTS}/<made>`,
        body: { name: "Other" },
        status: 409,
        errors: ["Environment with name 'Other' already exists in the workspace"],
      },
      { send: `PATCH ${ENVIRONMENTS}/<made>`, body: { name: "a b" }, status: 422, errors: [`name ${PATTERN}`] },
      { send: `GET ${ENVIRONMENTS}/<made>`, status: 200, match: { name: "STAGING" } },
    ],
  },
  {
    name: "environments are deleted, silently where there are none",
    alone: true,
    steps: [
      { send: CREATE, body: { name: "staging" }, status: 201, remember: { made: idInLocation } },
      { send: CREATE, body: { name: "other" }, status: 201, remember: { other: idInLocation } },
      { send: DELETE, body: { ids: ["<made>", "<unknown>"] }, status: 204, text: "" },
      { send: LIST, status: 200, match: { total: 1, content: [{ id: "<other>" }] } },
      { send: DELETE, body: { ids: ["<made>"] }, status: 204, text: "" },
      { send: DELETE, body: { ids: [] }, status: 422, errors: ["ids size must be between 1 and 1000"] },
      { send: DELETE, body: {}, status: 422, errors: ["ids must not be null"] },
      { send: LIST, status: 200, match: { total: 1, content: [{ id: "<other>" }] } },
    ],
  },
  {
    name: "an environment that does not exist is not found",
    alone: true,
    steps: [
      { send: `GET ${ENVIRONMENTS}/<unknown>`, status: 404, errors: NOT_FOUND },
      { send: `PATCH ${ENVIRONMENTS}/<unknown>`, body: { color: "red" }, status: 404, errors: NOT_FOUND },
    ],
  },
  {
    name: "a workspace has at most twenty environments",
    alone: true,
    given: [newIds("trace")],
    steps: [
      ...Array.from({ length: 20 }, (_, index) => ({ send: CREATE, body: { name: `e${index}` }, status: 201 })),
      {
        send: CREATE,
        body: { name: "e20" },
        status: 409,
        errors: ["Workspace already has the maximum of 20 environments"],
      },
      {
        send: "POST /v1/private/traces/batch",
        body: {
          traces: [{ id: "<trace>", project_name: "<projectname>", start_time: START, environment: "one-more" }],
        },
        status: 204,
      },
      { send: LIST, status: 200, match: { total: 20 } },
    ],
  },
  {
    name: "a trace or a span makes the environment that it names",
    alone: true,
    given: [newIds("trace", "span", "other")],
    steps: [
      {
        send: "POST /v1/private/traces/batch",
        body: {
          traces: [
            { id: "<trace>", project_name: "<projectname>", start_time: START, environment: "by-trace" },
            { id: "<other>", project_name: "<projectname>", start_time: START, environment: "By-Trace" },
          ],
        },
        status: 204,
      },
      {
        send: `PATCH /v1/private/traces/<trace>`,
        body: { project_name: "<projectname>", environment: "by-update" },
        status: 204,
      },
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [
            {
              id: "<span>",
              trace_id: "<trace>",
              project_name: "<projectname>",
              start_time: START,
              environment: "no name",
            },
          ],
        },
        status: 204,
      },
      {
        send: LIST,
        status: 200,
        match: {
          total: 2,
          content: [
            { id: UUID, name: "by-trace", color: "default" },
            { id: UUID, name: "by-update" },
          ],
        },
      },
    ],
  },
];
