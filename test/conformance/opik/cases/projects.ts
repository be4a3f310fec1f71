import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { endpointRunner, newIds, pendingJob } from "../given.ts";

const PROJECTS = "/v1/private/projects";
const CREATE = `POST ${PROJECTS}`;
const DELETE = `POST ${PROJECTS}/delete`;
const RETRIEVE = `POST ${PROJECTS}/retrieve`;
const NOT_FOUND = ["Project not found"];
const BLANK = ["name must not be blank"];
const FAILS = "the real server answers 500, for want of a check";
const SORTABLE_BY = ["id", "name", "last_updated_at", "created_at", "last_updated_trace_at"];
const TAKEN = ["Project already exists"];
const START = "2026-01-01T00:00:00Z";

/** A UUIDv7 of its own for each number. */
function numbered(index: number): string {
  return `0190babc-62a0-71d2-832a-${String(index).padStart(12, "0")}`;
}

/** Projects [opik 7.5, 7.1]. */
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
      { send: RETRIEVE, body: { name: {} }, status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "a project without a body is refused",
    ours: FAILS,
    steps: [CREATE, RETRIEVE, `PATCH ${PROJECTS}/<project>`].flatMap((send) => [
      { send, status: 422, errors: ["The request body must not be null"] },
      { send, body: "null", status: 422, errors: ["The request body must not be null"] },
    ]),
  },
  {
    name: "a name is taken whatever its case",
    steps: [
      { send: CREATE, body: { name: "<projectname>" }, status: 409, errors: TAKEN },
      { send: CREATE, body: { name: "<projectname> Two" }, status: 201 },
      { send: CREATE, body: { name: "<projectname> tWO" }, status: 409, errors: TAKEN },
      { send: RETRIEVE, body: { name: "<projectname> TWO" }, status: 200, match: { name: "<projectname> Two" } },
    ],
  },
  {
    name: "a name is taken whatever its accents and the blanks at its end",
    steps: [
      { send: CREATE, body: { name: "<projectname> Straße é" }, status: 201, remember: { made: idInLocation } },
      ...["<projectname> STRASSE E", "<projectname> straße É  "].flatMap((name) => [
        { send: CREATE, body: { name }, status: 409, errors: TAKEN },
        { send: RETRIEVE, body: { name }, status: 200, match: { id: "<made>" } },
      ]),
      { send: CREATE, body: { name: " <projectname>" }, status: 201 },
      { send: CREATE, body: { name: "<projectname>-" }, status: 201 },
    ],
  },
  {
    name: "a name has a length",
    ours: "the real server answers 500 to a name that is too long for its column",
    given: [newIds("trace")],
    steps: [
      {
        send: CREATE,
        body: { name: "x".repeat(151) },
        status: 422,
        errors: ["name cannot exceed 150 characters"],
      },
      {
        send: "POST /v1/private/traces/batch",
        body: { traces: [{ id: "<trace>", project_name: "x".repeat(151), start_time: START }] },
        status: 422,
        errors: ["traces[0].projectName cannot exceed 150 characters"],
      },
      { send: RETRIEVE, body: { name: "x".repeat(151) }, status: 404, errors: NOT_FOUND },
      { send: CREATE, body: { name: "😀".repeat(150) }, status: 201 },
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
    name: "the visibility of a project is read to the letter",
    steps: [
      { send: CREATE, body: { name: "<projectname> two", visibility: "public" }, status: 201 },
      { send: RETRIEVE, body: { name: "<projectname> two" }, status: 200, match: { visibility: "public" } },
      ...["PUBLIC", "Public", "secret"].map((visibility) => ({
        send: CREATE,
        body: { name: "<projectname> three", visibility },
        status: 400,
        message: new RegExp(
          `^Unable to process JSON\\. Cannot construct instance of .*Visibility.*: Unknown visibility '${visibility}'`,
        ),
      })),
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
        errors: ["description cannot exceed 255 characters"],
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
    name: "several projects are deleted, also when there are none",
    steps: [
      { send: CREATE, body: { name: "<projectname> two" }, status: 201, remember: { made: idInLocation } },
      { send: DELETE, body: { ids: ["<project>", "<made>", "<unknown>"] }, status: 204, text: "" },
      { send: `GET ${PROJECTS}/<project>`, status: 404, errors: NOT_FOUND },
      { send: `GET ${PROJECTS}/<made>`, status: 404, errors: NOT_FOUND },
      { send: DELETE, body: { ids: ["<project>"] }, status: 204 },
    ],
  },
  {
    name: "one project to a thousand are deleted at once",
    steps: [
      { send: DELETE, body: {}, status: 422, errors: ["ids must not be null"] },
      { send: DELETE, body: { ids: [] }, status: 422, errors: ["ids size must be between 1 and 1000"] },
      {
        send: DELETE,
        body: { ids: Array.from({ length: 1001 }, (_, index) => numbered(index)) },
        status: 422,
        errors: ["ids size must be between 1 and 1000"],
      },
      { send: DELETE, body: { ids: ["<project>", "nonsense"] }, status: 400, message: /^Unable to process JSON\. / },
      { send: `GET ${PROJECTS}/<project>`, status: 200, match: { id: "<project>" } },
    ],
  },
  {
    name: "what was written to a project is not read any more when it was deleted",
    given: [newIds("trace", "span")],
    steps: [
      {
        send: "POST /v1/private/traces",
        body: { id: "<trace>", project_name: "<projectname>", start_time: START },
        status: 201,
      },
      {
        send: "POST /v1/private/spans",
        body: { id: "<span>", trace_id: "<trace>", project_name: "<projectname>", start_time: START },
        status: 201,
      },
      { send: `DELETE ${PROJECTS}/<project>`, status: 204 },
      { send: "GET /v1/private/traces/<trace>", status: 404, errors: NOT_FOUND },
      { send: "GET /v1/private/spans/<span>", status: 404, errors: NOT_FOUND },
      {
        send: "GET /v1/private/traces?project_id=<project>",
        status: 404,
        message: "Project id: <project> not found",
      },
    ],
  },
  {
    name: "the runners and jobs of a project go on when it was deleted",
    given: [endpointRunner("echo"), pendingJob()],
    steps: [
      { send: `DELETE ${PROJECTS}/<project>`, status: 204 },
      { send: "GET <runners>/<runner>", status: 200, match: { id: "<runner>", project_id: "<project>" } },
      { send: "POST <runners>/<runner>/jobs/next", status: 200, match: { id: "<job>" } },
    ],
  },
  {
    name: "an update of a project changes its fields, and nothing else",
    steps: [
      {
        send: CREATE,
        body: { name: "<projectname> two", description: "Mine" },
        status: 201,
        remember: { made: idInLocation },
      },
      { send: `PATCH ${PROJECTS}/<made>`, body: { name: "<projectname> Three" }, status: 204, text: "" },
      {
        send: `GET ${PROJECTS}/<made>`,
        status: 200,
        match: { name: "<projectname> Three", description: "Mine", visibility: "private" },
      },
      {
        send: `PATCH ${PROJECTS}/<made>`,
        body: { description: "Ours", visibility: "public", name: null },
        status: 204,
      },
      {
        send: RETRIEVE,
        body: { name: "<projectname> three" },
        status: 200,
        match: { id: "<made>", description: "Ours", visibility: "public" },
      },
      { send: RETRIEVE, body: { name: "<projectname> two" }, status: 404, errors: NOT_FOUND },
      { send: `PATCH ${PROJECTS}/<made>`, body: { name: "<projectname> THREE" }, status: 204 },
      { send: `GET ${PROJECTS}/<made>`, status: 200, match: { name: "<projectname> THREE" } },
    ],
  },
  {
    name: "an update of a project is refused as a whole",
    steps: [
      { send: CREATE, body: { name: "<projectname> two" }, status: 201, remember: { made: idInLocation } },
      { send: `PATCH ${PROJECTS}/<made>`, body: { name: "<projectname> " }, status: 409, errors: TAKEN },
      { send: `PATCH ${PROJECTS}/<made>`, body: { name: " ", description: "d" }, status: 422, errors: BLANK },
      {
        send: `PATCH ${PROJECTS}/<made>`,
        body: { description: "x".repeat(256) },
        status: 422,
        errors: ["description cannot exceed 255 characters"],
      },
      { send: `GET ${PROJECTS}/<made>`, status: 200, match: { name: "<projectname> two" }, absent: ["description"] },
      { send: `PATCH ${PROJECTS}/<unknown>`, body: {}, status: 404, errors: NOT_FOUND },
      { send: `PATCH ${PROJECTS}/nonsense`, body: {}, status: 404, message: "HTTP 404 Not Found" },
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
        match: {
          id: UUID,
          name: "Default Project",
          description: "This is the default project. It cannot be deleted.",
          visibility: "private",
        },
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
      {
        send: `GET ${PROJECTS}?name=<unknown>`,
        status: 200,
        json: { page: 1, size: 0, total: 0, content: [], sortable_by: [] },
      },
    ],
  },
  {
    name: "a part of a name has wildcards, and accents do not count in it",
    steps: [
      { send: CREATE, body: { name: "<projectname> 1_é" }, status: 201, remember: { made: idInLocation } },
      ...["%25<projectname>%25E", "<projectname>_1__", "<projectname> 1\\_e"].map((name) => ({
        send: `GET ${PROJECTS}?name=${name.replaceAll(" ", "%20").replaceAll("\\", "%5C")}`,
        status: 200,
        match: { total: 1, content: [{ id: "<made>" }] },
      })),
      {
        send: `GET ${PROJECTS}?name=<projectname>%5C_1`,
        status: 200,
        match: { total: 0, content: [] },
      },
    ],
  },
  {
    name: "the size of a page is the number of its rows, not the one asked for, and a page beyond the end has none",
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
        json: { page: 2, size: 0, total: 0, content: [], sortable_by: [] },
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
          sortable_by: SORTABLE_BY,
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
