import { type ConformanceCase, idInLocation, type Step } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { newIds } from "../given.ts";

const SPANS = "/v1/private/spans";
const CREATE = `POST ${SPANS}`;
const BATCH = `POST ${SPANS}/batch`;
const SPAN = `GET ${SPANS}/<span>`;
const PATCH = `PATCH ${SPANS}/<span>`;
const START = "2026-01-01T00:00:01Z";
const ROW = { id: "<span>", trace_id: "<trace>", project_name: "<projectname>", start_time: START };
const UPDATE = { trace_id: "<trace>", project_name: "<projectname>", name: "updated" };
const TOO_OLD_AN_ID = { code: 400, message: "Invalid UUID for id", details: "Span id must be a version 7 UUID" };
const COST_TOO_LARGE = "totalEstimatedCost must be less than 1.0E26";
const VERSION_4 = "0190babc-62a0-41d2-832a-0feffa4676eb";

const given = [newIds("trace", "parent", "span", "other")];
const written: Step = { send: CREATE, body: ROW, status: 201 };

const SORTABLE_BY = [
  "id",
  "name",
  "type",
  "trace_id",
  "parent_span_id",
  "input",
  "output",
  "metadata",
  "start_time",
  "end_time",
  "duration",
  "ttft",
  "usage.*",
  "metadata",
  "tags",
  "created_at",
  "last_updated_at",
  "model",
  "provider",
  "total_estimated_cost",
  "error_info",
  "created_by",
  "feedback_scores.*",
];

/** Writing, updating and reading spans [opik 7.5, 7.2]. */
export const spanCases: readonly ConformanceCase[] = [
  {
    name: "a batch of spans is written, also before its trace, and each is read as it was sent",
    given,
    steps: [
      {
        send: BATCH,
        gzip: true,
        body: {
          spans: [
            {
              ...ROW,
              parent_span_id: "<parent>",
              name: "call",
              type: "llm",
              end_time: "2026-01-01T00:00:02Z",
              input: { q: 1 },
              model: "m",
              provider: "p",
              usage: { total_tokens: 3, "original_usage.total_tokens": 3 },
              total_estimated_cost: 0.5,
            },
          ],
        },
        status: 204,
        text: "",
      },
      {
        send: SPAN,
        status: 200,
        json: {
          id: "<span>",
          project_id: "<project>",
          project_name: "<projectname>",
          trace_id: "<trace>",
          parent_span_id: "<parent>",
          environment: "",
          name: "call",
          type: "llm",
          start_time: START,
          end_time: "2026-01-01T00:00:02Z",
          duration: 1000,
          input: { q: 1 },
          metadata: { provider: "p" },
          model: "m",
          provider: "p",
          usage: { total_tokens: 3, "original_usage.total_tokens": 3 },
          total_estimated_cost: 0.5,
          created_at: TIMESTAMP,
          created_by: "admin",
          last_updated_at: TIMESTAMP,
          last_updated_by: "admin",
        },
      },
      { send: "GET /v1/private/traces/<trace>", status: 404, message: "Trace id: <trace> not found" },
    ],
  },
  {
    name: "a batch has one span to a thousand",
    steps: [
      { send: BATCH, body: {}, status: 422, errors: ["spans must not be null"] },
      { send: BATCH, body: { spans: [] }, status: 422, errors: ["spans size must be between 1 and 1000"] },
    ],
  },
  {
    name: "a span needs the time of its start",
    given,
    steps: [
      { send: CREATE, body: { trace_id: "<trace>" }, status: 422, errors: ["startTime must not be null"] },
      { send: CREATE, body: { ...ROW, trace_id: "trace" }, status: 400, message: /^Unable to process JSON\. / },
      { send: SPAN, status: 404, message: "Span id: <span> not found" },
    ],
  },
  {
    name: "a span needs its trace",
    ours: "the real server answers 500, for want of a check",
    given,
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["startTime must not be null", "traceId must not be null"] },
      {
        send: BATCH,
        body: { spans: [ROW, { ...ROW, trace_id: null }] },
        status: 422,
        errors: ["spans[1].traceId must not be null"],
      },
      { send: BATCH, body: { spans: [ROW, null] }, status: 422, errors: ["spans[1] must not be null"] },
      { send: SPAN, status: 404, message: "Span id: <span> not found" },
    ],
  },
  {
    name: "the provider of a span is the first field of its metadata, and blank texts are read as if they were absent",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, provider: "p", metadata: { a: 1 } }, status: 201 },
      { send: SPAN, status: 200, contains: '"metadata":{"provider":"p","a":1}' },
      {
        send: `GET ${SPANS}?project_id=<project>`,
        status: 200,
        match: { content: [{ metadata: { provider: "p", a: 1 } }] },
      },
      { send: CREATE, body: { ...ROW, id: "<other>", name: " ", model: "", provider: "" }, status: 201 },
      {
        send: `GET ${SPANS}/<other>`,
        status: 200,
        match: { id: "<other>", environment: "" },
        absent: ["name", "model", "provider", "metadata"],
      },
    ],
  },
  {
    name: "a list of spans says by what it can be sorted, and does not name the project",
    given,
    steps: [
      { send: CREATE, body: ROW, status: 201, remember: { made: idInLocation } },
      {
        send: `GET ${SPANS}?project_id=<project>`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [
            {
              id: "<made>",
              project_id: "<project>",
              trace_id: "<trace>",
              start_time: START,
              environment: "",
              created_at: TIMESTAMP,
              created_by: "admin",
              last_updated_at: TIMESTAMP,
              last_updated_by: "admin",
            },
          ],
          sortable_by: SORTABLE_BY,
        },
      },
    ],
  },
  {
    name: "an id has the time at which it was made, or the whole batch is refused",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, id: VERSION_4 }, status: 400, json: TOO_OLD_AN_ID },
      { send: BATCH, body: { spans: [ROW, { ...ROW, id: VERSION_4 }] }, status: 400, json: TOO_OLD_AN_ID },
      { send: `PATCH ${SPANS}/${VERSION_4}`, body: UPDATE, status: 400, json: TOO_OLD_AN_ID },
      { send: SPAN, status: 404, message: "Span id: <span> not found" },
    ],
  },
  {
    name: "one span is written, and read at its location",
    given,
    steps: [
      {
        send: CREATE,
        body: ROW,
        status: 201,
        text: "",
        answerHeaders: { location: /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/spans\/[0-9a-f-]{36}$/ },
        remember: { located: idInLocation },
      },
      { send: `GET ${SPANS}/<located>`, status: 200, match: { id: "<span>" } },
    ],
  },
  {
    name: "the type of a span is read loosely, and there are four",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, type: "LLM" }, status: 201 },
      { send: SPAN, status: 200, match: { type: "llm" } },
      {
        send: CREATE,
        body: { ...ROW, type: "chain" },
        status: 400,
        message: /^Unable to process JSON\. .*chain was not one of \[general, tool, llm, guardrail\]/,
      },
    ],
  },
  {
    name: "a cost has at most 26 digits before its point",
    ours: "the real server answers 500",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, total_estimated_cost: 1e26 }, status: 422, errors: [COST_TOO_LARGE] },
      {
        send: CREATE,
        body: JSON.stringify({ ...ROW, total_estimated_cost: 0 }).replace(/0\}$/, "1e400}"),
        status: 422,
        errors: [COST_TOO_LARGE],
      },
      { send: CREATE, body: { ...ROW, total_estimated_cost: 9.9e25 }, status: 201 },
      { send: SPAN, status: 200, contains: '"total_estimated_cost":99000000000000000000000000.000000000000' },
    ],
  },
  {
    name: "a cost is not negative, and usage is whole numbers by name",
    given,
    steps: [
      {
        send: CREATE,
        body: { ...ROW, total_estimated_cost: -1 },
        status: 422,
        errors: ["totalEstimatedCost must be greater than or equal to 0.0"],
      },
      {
        send: CREATE,
        body: { ...ROW, usage: { total_tokens: "many" } },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: CREATE, body: { ...ROW, usage: [1] }, status: 400, message: /^Unable to process JSON\. / },
      {
        send: CREATE,
        body: { ...ROW, total_estimated_cost: "x" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: CREATE, body: { ...ROW, total_estimated_cost: "0.5", usage: { total_tokens: 2 } }, status: 201 },
      { send: SPAN, status: 200, contains: '"total_estimated_cost":0.500000000000' },
    ],
  },
  {
    name: "of two rows the one that was changed later counts, whichever comes first",
    given,
    steps: [
      { send: BATCH, body: { spans: [{ ...ROW, name: "new", last_updated_at: "2026-01-01T00:00:09Z" }] }, status: 204 },
      { send: BATCH, body: { spans: [{ ...ROW, name: "old", last_updated_at: "2026-01-01T00:00:08Z" }] }, status: 204 },
      { send: SPAN, status: 200, match: { name: "new" } },
    ],
  },
  {
    name: "an update changes its fields, and nothing else",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, input: { q: 1 }, metadata: { a: 1 }, tags: ["x"] }, status: 201 },
      {
        send: PATCH,
        body: { ...UPDATE, metadata: { b: 2 }, tags_to_add: ["y"], tags_to_remove: ["x"] },
        status: 204,
        text: "",
      },
      {
        send: SPAN,
        status: 200,
        match: { name: "updated", start_time: START, input: { q: 1 }, metadata: { b: 2 }, tags: ["x"] },
      },
      { send: SPAN, status: 200, contains: '"metadata":{"b":2},' },
    ],
  },
  {
    name: "an update names the trace",
    given,
    steps: [
      written,
      { send: PATCH, body: { project_name: "<projectname>" }, status: 422, errors: ["traceId must not be null"] },
      { send: `PATCH ${SPANS}/nonsense`, body: {}, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "an update is about the same project, parent and trace",
    given,
    steps: [
      { send: CREATE, body: { ...ROW, parent_span_id: "<parent>" }, status: 201 },
      {
        send: PATCH,
        body: { ...UPDATE, project_name: "<projectname> two", parent_span_id: "<parent>" },
        status: 409,
        errors: ["Project name and workspace name do not match the existing span"],
      },
      { send: PATCH, body: UPDATE, status: 409, errors: ["parent_span_id does not match the existing span"] },
      {
        send: PATCH,
        body: { ...UPDATE, parent_span_id: "<other>" },
        status: 409,
        errors: ["parent_span_id does not match the existing span"],
      },
      {
        send: PATCH,
        body: { ...UPDATE, parent_span_id: "<parent>", trace_id: "<other>" },
        status: 409,
        errors: ["trace_id does not match the existing span"],
      },
      { send: SPAN, status: 200, match: { id: "<span>" }, absent: ["name"] },
      { send: PATCH, body: { ...UPDATE, parent_span_id: "<parent>" }, status: 204 },
      { send: SPAN, status: 200, match: { name: "updated", parent_span_id: "<parent>" } },
    ],
  },
  {
    name: "an update of a span without a parent names none",
    given,
    steps: [
      written,
      {
        send: PATCH,
        body: { ...UPDATE, parent_span_id: "<parent>" },
        status: 409,
        errors: ["parent_span_id does not match the existing span"],
      },
      { send: PATCH, body: { ...UPDATE, parent_span_id: null }, status: 204 },
    ],
  },
  {
    name: "an update of a span that has not come yet makes a part of it, which its row completes",
    given,
    steps: [
      { send: PATCH, body: UPDATE, status: 204 },
      { send: SPAN, status: 200, match: { name: "updated", start_time: "1970-01-01T00:00:00Z", trace_id: "<trace>" } },
      { send: CREATE, body: { ...ROW, name: "row", input: 1 }, status: 201 },
      { send: SPAN, status: 200, match: { name: "updated", start_time: START, input: 1 } },
    ],
  },
  {
    name: "spans are listed by project, trace and type, the newest id first",
    given,
    steps: [
      {
        send: BATCH,
        body: {
          spans: [
            { ...ROW, id: "<parent>", type: "general" },
            { ...ROW, type: "tool" },
            { ...ROW, id: "<other>", trace_id: "<unknown>", type: "tool" },
          ],
        },
        status: 204,
      },
      {
        send: `GET ${SPANS}?project_name=<projectname>`,
        status: 200,
        match: { page: 1, size: 3, total: 3, content: [{ id: "<other>" }, { id: "<span>" }, { id: "<parent>" }] },
      },
      {
        send: `GET ${SPANS}?project_id=<project>&trace_id=<trace>&size=1&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<parent>" }] },
      },
      {
        send: `GET ${SPANS}/?project_id=<project>&trace_id=<trace>&type=TOOL`,
        status: 200,
        match: { total: 1, content: [{ id: "<span>" }] },
      },
    ],
  },
  {
    name: "a list needs a project that exists, and a type there is",
    steps: [
      {
        send: `GET ${SPANS}?trace_id=<unknown>`,
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
      { send: `GET ${SPANS}?project_name=<unknown>`, status: 404, message: "Project name: <unknown> not found" },
      { send: `GET ${SPANS}?project_id=<unknown>`, status: 404, message: "Project id: <unknown> not found" },
      {
        send: `GET ${SPANS}?project_id=<project>&type=chain`,
        status: 400,
        message: "query param type is not a valid SpanType",
      },
    ],
  },
  {
    name: "a span of one workspace does not exist for another",
    settings: { workspaces: ["any"] },
    given,
    steps: [
      written,
      { send: SPAN, headers: { "comet-workspace": "other" }, status: 404, message: "Span id: <span> not found" },
    ],
  },
];
