import { type ConformanceCase, idInLocation } from "../case.ts";
import { TIMESTAMP, UUID } from "../expected.ts";
import { newIds } from "../given.ts";

const PROJECTS = "/v1/private/projects";
const CREATE = `POST ${PROJECTS}`;
const RETRIEVE = `POST ${PROJECTS}/retrieve`;
const NOT_FOUND = ["Project not found"];
const BLANK = ["name must not be blank"];
const START = "2026-01-01T00:00:00Z";

/** Projects (facts of the SDK surface 3, 4.1). */
export const projectCases: readonly ConformanceCase[] = [
  {
    name: "a project is made, and read by its id and by its name",
    steps: [
      {
        send: CREATE,
        body: { name: "<projectname> two", description: "Mine" },
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/projects\/[0-9a-f-]{36}$/ },
        remember: { made: idInLocation },
      },
      {
        send: `GET ${PROJECTS}/<made>`,
        status: 200,
        json: {
          id: "<made>",
          name: "<projectname> two",
          visibility: "private",
          description: "Mine",
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
        },
      },
      {
        send: RETRIEVE,
        body: { name: "<projectname> two" },
        status: 200,
        match: { id: "<made>", description: "Mine" },
      },
    ],
  },
  {
    name: "a project needs a name",
    steps: [
      ...[{}, { name: null }, { name: "" }, { name: " \n" }].flatMap((body) => [
        { send: CREATE, body, status: 422, errors: BLANK },
        { send: RETRIEVE, body, status: 422, errors: BLANK },
      ]),
      { send: CREATE, status: 422, errors: ["The request body must not be null"] },
      { send: RETRIEVE, body: { name: {} }, status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "a name is taken whatever its case",
    steps: [
      { send: CREATE, body: { name: "<projectname>" }, status: 409, errors: ["Project already exists"] },
      { send: CREATE, body: { name: "<projectname> Two" }, status: 201 },
      { send: CREATE, body: { name: "<projectname> tWO" }, status: 409, errors: ["Project already exists"] },
      { send: RETRIEVE, body: { name: "<projectname> TWO" }, status: 200, match: { name: "<projectname> Two" } },
    ],
  },
  {
    name: "a project is retrieved by its whole name, and none is made",
    steps: [
      { send: RETRIEVE, body: { name: "<projectname> two" }, status: 404, errors: NOT_FOUND },
      { send: RETRIEVE, body: { name: "<projectname> two" }, status: 404, errors: NOT_FOUND },
      { send: RETRIEVE, body: { name: "conformance" }, status: 404, errors: NOT_FOUND },
      { send: RETRIEVE, body: { name: "<projectname>", include_stats: true }, status: 200, match: { id: "<project>" } },
    ],
  },
  {
    name: "the visibility of a project is read loosely",
    steps: [
      { send: CREATE, body: { name: "<projectname> two", visibility: "PUBLIC" }, status: 201 },
      { send: RETRIEVE, body: { name: "<projectname> two" }, status: 200, match: { visibility: "public" } },
      {
        send: CREATE,
        body: { name: "<projectname> three", visibility: "secret" },
        status: 400,
        message: /^Unable to process JSON\. .*secret was not one of \[PRIVATE, PUBLIC\]/,
      },
      { send: RETRIEVE, body: { name: "<projectname> three" }, status: 404, errors: NOT_FOUND },
    ],
  },
  {
    name: "a description has a length",
    steps: [
      {
        send: CREATE,
        body: { name: "<projectname> two", description: "x".repeat(256) },
        status: 422,
        errors: ["description size must be between 0 and 255"],
      },
      { send: CREATE, body: { name: "<projectname> two", description: "x".repeat(255) }, status: 201 },
    ],
  },
  {
    name: "an unknown project is not found",
    steps: [
      { send: `GET ${PROJECTS}/<unknown>`, status: 404, errors: NOT_FOUND },
      { send: `GET ${PROJECTS}/nonsense`, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "a project is deleted, also when there is none",
    steps: [
      { send: `DELETE ${PROJECTS}/<project>`, status: 204, text: "" },
      { send: `GET ${PROJECTS}/<project>`, status: 404, errors: NOT_FOUND },
      { send: RETRIEVE, body: { name: "<projectname>" }, status: 404, errors: NOT_FOUND },
      { send: `DELETE ${PROJECTS}/<project>`, status: 204 },
      { send: `DELETE ${PROJECTS}/<unknown>`, status: 204 },
      { send: CREATE, body: { name: "<projectname>" }, status: 201 },
    ],
  },
  {
    name: "the traces of a project outlive it",
    given: [newIds("trace")],
    steps: [
      {
        send: "POST /v1/private/traces",
        body: { id: "<trace>", project_name: "<projectname>", start_time: START },
        status: 201,
      },
      { send: `DELETE ${PROJECTS}/<project>`, status: 204 },
      { send: "GET /v1/private/traces/<trace>", status: 200, match: { project_id: "<project>" } },
    ],
  },
  {
    name: "a project that is written to is made, with its name trimmed",
    given: [newIds("trace", "span")],
    steps: [
      {
        send: "POST /v1/private/traces/batch",
        body: { traces: [{ id: "<trace>", project_name: "  <projectname> two ", start_time: START }] },
        status: 204,
      },
      {
        send: RETRIEVE,
        body: { name: "<projectname> two" },
        status: 200,
        match: { name: "<projectname> two", visibility: "private" },
        remember: { made: (reply) => (reply.json as { id: string }).id },
      },
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [{ id: "<span>", trace_id: "<trace>", project_name: "<projectname> TWO", start_time: START }],
        },
        status: 204,
      },
      { send: "GET /v1/private/spans/<span>", status: 200, match: { project_id: "<made>" } },
    ],
  },
  {
    name: "what names no project goes to the default one",
    given: [newIds("trace")],
    steps: [
      { send: "POST /v1/private/traces", body: { id: "<trace>", start_time: START }, status: 201 },
      {
        send: RETRIEVE,
        body: { name: "Default Project" },
        status: 200,
        match: { id: UUID, name: "Default Project", visibility: "private" },
        remember: { made: (reply) => (reply.json as { id: string }).id },
      },
      { send: "GET /v1/private/traces/<trace>", status: 200, match: { project_id: "<made>" } },
    ],
  },
  {
    name: "projects are found by a part of their name, in any case, the newest first",
    steps: [
      { send: CREATE, body: { name: "<projectname> two" }, status: 201, remember: { made: idInLocation } },
      {
        send: `GET ${PROJECTS}?name=<projectname>`,
        status: 200,
        match: { page: 1, size: 2, total: 2, content: [{ id: "<made>" }, { id: "<project>" }] },
      },
      {
        send: `GET ${PROJECTS}/?name=<projectname>%20TWO`,
        status: 200,
        match: { total: 1, content: [{ id: "<made>" }] },
      },
      { send: `GET ${PROJECTS}?name=<unknown>`, status: 200, match: { size: 0, total: 0, content: [] } },
    ],
  },
  {
    name: "a page tells how many rows it has, not how many were asked for, and one beyond the end has none",
    steps: [
      { send: CREATE, body: { name: "<projectname> two" }, status: 201, remember: { made: idInLocation } },
      {
        send: `GET ${PROJECTS}?name=<projectname>&size=1&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<project>" }] },
      },
      {
        send: `GET ${PROJECTS}?name=<projectname>&size=50&page=2`,
        status: 200,
        match: { page: 2, size: 0, total: 2, content: [] },
      },
    ],
  },
  {
    name: "pages count from one, and have a row at least",
    steps: [
      {
        send: `GET ${PROJECTS}?page=0&size=0`,
        status: 400,
        errors: [
          "query param page must be greater than or equal to 1",
          "query param size must be greater than or equal to 1",
        ],
      },
      { send: `GET ${PROJECTS}?page=x`, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "projects are sorted as asked for, by the first field that is named, and it says by which they can be",
    steps: [
      { send: CREATE, body: { name: "<projectname> two" }, status: 201, remember: { made: idInLocation } },
      {
        send: `GET ${PROJECTS}?name=<projectname>&sorting=${encodeURIComponent('[{"field":"name","direction":"ASC"}]')}`,
        status: 200,
        match: {
          content: [{ id: "<project>" }, { id: "<made>" }],
          sortable_by: ["id", "name", "description", "created_at", "last_updated_at", "last_updated_trace_at"],
        },
      },
      {
        send: `GET ${PROJECTS}?name=<projectname>&sorting=${encodeURIComponent('[{"field":"name","direction":"DESC"}]')}`,
        status: 200,
        match: { content: [{ id: "<made>" }, { id: "<project>" }] },
      },
      {
        send: `GET ${PROJECTS}?name=<projectname>&sorting=${encodeURIComponent('[{"field":"mood","direction":"ASC"}]')}`,
        status: 200,
        match: { total: 2 },
      },
    ],
  },
  {
    name: "a project of one workspace does not exist for another, which may use its name",
    settings: { workspaces: ["any"] },
    steps: [
      { send: `GET ${PROJECTS}/<project>`, headers: { "comet-workspace": "other" }, status: 404, errors: NOT_FOUND },
      { send: `DELETE ${PROJECTS}/<project>`, headers: { "comet-workspace": "other" }, status: 204 },
      { send: `GET ${PROJECTS}`, headers: { "comet-workspace": "other" }, status: 200, match: { total: 0 } },
      { send: CREATE, headers: { "comet-workspace": "other" }, body: { name: "<projectname>" }, status: 201 },
      { send: `GET ${PROJECTS}/<project>`, status: 200, match: { name: "<projectname>" } },
    ],
  },
];
