import type { ConformanceCase } from "../../case.ts";
import { newIds, trace } from "../given.ts";

const TRACES = "/v1/private/traces";
const TRACE = `GET ${TRACES}/<trace>`;
const START = "2026-01-01T00:00:01Z";
const HERE = { project_name: "<projectname>" };

const SORTABLE_BY = [
  "id",
  "name",
  "input",
  "output",
  "start_time",
  "end_time",
  "duration",
  "ttft",
  "metadata",
  "thread_id",
  "span_count",
  "llm_span_count",
  "usage.*",
  "total_estimated_cost",
  "tags",
  "error_info",
  "created_by",
  "feedback_scores.*",
  "experiment_id",
  "environment",
];

/** Reading traces [opik 7.5, 7.2]. */
export const traceReadCases: readonly ConformanceCase[] = [
  {
    name: "an unknown trace is not found",
    steps: [
      { send: `GET ${TRACES}/<unknown>`, status: 404, message: "Trace id: <unknown> not found" },
      { send: `GET ${TRACES}/nonsense`, status: 404, message: "HTTP 404 Not Found" },
    ],
  },
  {
    name: "traces are listed by the name or the id of their project, the newest id first",
    given: [trace("first"), trace("second"), trace("third")],
    steps: [
      {
        send: `GET ${TRACES}?project_name=<projectname>`,
        status: 200,
        match: {
          page: 1,
          size: 3,
          total: 3,
          content: [{ id: "<third>" }, { id: "<second>" }, { id: "<first>" }],
          sortable_by: SORTABLE_BY,
        },
      },
      {
        send: `GET ${TRACES}/?project_id=<project>&size=2&page=2`,
        status: 200,
        match: { page: 2, size: 1, total: 3, content: [{ id: "<first>" }] },
      },
      {
        send: `GET ${TRACES}?project_id=<project>&page=2`,
        status: 200,
        match: { page: 2, size: 0, total: 3, content: [] },
      },
    ],
  },
  {
    name: "a list needs a project that exists",
    steps: [
      {
        send: `GET ${TRACES}`,
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
      { send: `GET ${TRACES}?project_name=<unknown>`, status: 404, message: "Project name: <unknown> not found" },
      { send: `GET ${TRACES}?project_id=<unknown>`, status: 404, message: "Project id: <unknown> not found" },
      {
        send: `GET ${TRACES}?project_id=<project>&page=0`,
        status: 400,
        errors: ["query param page must be greater than or equal to 1"],
      },
    ],
  },
  {
    name: "a trace shows the totals of its spans",
    given: [trace(), newIds("first", "second")],
    steps: [
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [
            {
              id: "<first>",
              ...HERE,
              trace_id: "<trace>",
              start_time: START,
              type: "llm",
              provider: "openai",
              usage: { total_tokens: 3, prompt_tokens: 1 },
              total_estimated_cost: 0.1,
            },
            {
              id: "<second>",
              ...HERE,
              trace_id: "<trace>",
              start_time: START,
              type: "tool",
              provider: "anthropic",
              usage: { total_tokens: 4 },
              total_estimated_cost: 0.2,
            },
          ],
        },
        status: 204,
      },
      {
        send: TRACE,
        status: 200,
        match: {
          span_count: 2,
          llm_span_count: 1,
          has_tool_spans: true,
          usage: { total_tokens: 7, prompt_tokens: 1 },
          total_estimated_cost: 0.3,
          providers: ["anthropic", "openai"],
        },
      },
      { send: TRACE, status: 200, contains: '"metadata":{"providers":["anthropic","openai"],"a":1}' },
      { send: TRACE, status: 200, contains: '"total_estimated_cost":0.300000000000' },
    ],
  },
  {
    name: "spans of a blank provider and without usage or costs add nothing to their trace",
    given: [trace(), newIds("first", "second")],
    steps: [
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [
            { id: "<first>", ...HERE, trace_id: "<trace>", start_time: START, provider: "" },
            {
              id: "<second>",
              ...HERE,
              trace_id: "<trace>",
              start_time: START,
              provider: "openai",
              usage: {},
              total_estimated_cost: 0,
            },
          ],
        },
        status: 204,
      },
      {
        send: TRACE,
        status: 200,
        match: { span_count: 2, providers: ["openai"], metadata: { providers: ["openai"] } },
        absent: ["usage", "total_estimated_cost"],
      },
      {
        send: "GET /v1/private/spans/<second>",
        status: 200,
        match: { provider: "openai" },
        absent: ["usage", "total_estimated_cost"],
      },
    ],
  },
  {
    name: "a trace of one workspace does not exist for another",
    settings: { workspaces: ["any"] },
    given: [trace()],
    steps: [
      {
        send: TRACE,
        headers: { "comet-workspace": "other" },
        status: 404,
        message: "Trace id: <trace> not found",
      },
      {
        send: `GET ${TRACES}?project_id=<project>`,
        headers: { "comet-workspace": "other" },
        status: 404,
        message: "Project id: <project> not found",
      },
    ],
  },
];
