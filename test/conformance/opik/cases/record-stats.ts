import { expectStatus } from "../../../support/pairing.ts";
import type { Arrangement, ConformanceCase } from "../../case.ts";
import { beginningWith } from "../../expected.ts";
import { fill } from "../../world.ts";
import { newIds, query } from "../given.ts";

const PRIVATE = "/v1/private";
const PROJECT = { project_name: "<projectname>" };

/** Two traces of `<project>`: the first has ended, has two spans and a score. */
const twoTraces: Arrangement = async (world) => {
  await newIds("one", "two", "llm", "tool")(world);
  const times = { start_time: "2026-01-01T00:00:01Z", end_time: "2026-01-01T00:00:02Z" };
  const traces = [
    {
      id: "<one>",
      ...PROJECT,
      ...times,
      name: "one",
      input: {},
      output: {},
      metadata: { a: 1 },
      tags: ["x", "y"],
      thread_id: "t",
    },
    {
      id: "<two>",
      ...PROJECT,
      start_time: times.start_time,
      name: "two",
      input: {},
      source: "experiment",
      error_info: { exception_type: "E", traceback: "t" },
    },
  ];
  const spans = [
    {
      id: "<llm>",
      trace_id: "<one>",
      ...PROJECT,
      ...times,
      type: "llm",
      usage: { total_tokens: 6 },
      total_estimated_cost: 0.5,
    },
    { id: "<tool>", trace_id: "<one>", ...PROJECT, ...times, type: "tool", usage: { total_tokens: 2 } },
  ];
  const send = async (method: string, path: string, body: object): Promise<void> => {
    expectStatus(await world.call(method, PRIVATE + path, { body: fill(body, world) }), 204);
  };
  await send("POST", "/traces/batch", { traces });
  await send("POST", "/spans/batch", { spans });
  await send("PUT", "/traces/feedback-scores", {
    scores: [{ id: "<one>", name: "quality", value: 0.5, source: "sdk" }],
  });
  await send("PUT", "/spans/feedback-scores", { scores: [{ id: "<llm>", name: "speed", value: 1, source: "sdk" }] });
};

const count = (name: string, value: number): object => ({ name, value, type: "COUNT" });
const average = (name: string, value: number): object => ({ name, value, type: "AVG" });
const duration = (value: number): object => ({
  name: "duration",
  value: { p50: value, p90: value, p99: value },
  type: "PERCENTAGE",
});

/** Writes a query. */
function get(path: string, parameters: Record<string, string> = {}): string {
  return `GET ${PRIVATE}${path}?project_id=<project>&${query(parameters)}`;
}

/** Statistics of traces and spans [opik 7.15]. */
export const recordStatsCases: readonly ConformanceCase[] = [
  {
    name: "statistics of traces count them and average what they have",
    given: [twoTraces],
    steps: [
      {
        send: get("/traces/stats"),
        status: 200,
        json: {
          stats: [
            count("trace_count", 2),
            duration(1_000),
            count("input", 2),
            count("output", 1),
            count("metadata", 1),
            average("tags", 1),
            average("llm_span_count", 0.5),
            average("span_count", 1),
            average("total_estimated_cost", 0.5),
            average("total_estimated_cost_sum", 0.5),
            average("usage.total_tokens", 8),
            average("feedback_scores.quality", 0.5),
            count("error_count", 1),
          ],
        },
      },
      {
        send: get("/traces/stats", { filters: '[{"field":"name","operator":"=","value":"two"}]' }),
        status: 200,
        match: {
          stats: [
            count("trace_count", 1),
            duration(0),
            {},
            count("output", 0),
            {},
            {},
            {},
            {},
            {},
            {},
            count("error_count", 1),
          ],
        },
      },
      { send: get("/traces/stats", { filters: "x" }), status: 400, message: "Invalid filters query parameter 'x'" },
      {
        send: `GET ${PRIVATE}/traces/stats`,
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
    ],
  },
  {
    name: "statistics of spans count them and average what they have",
    given: [twoTraces],
    steps: [
      {
        send: get("/spans/stats"),
        status: 200,
        json: {
          stats: [
            count("span_count", 2),
            duration(1_000),
            count("input", 0),
            count("output", 0),
            count("metadata", 0),
            average("tags", 0),
            average("total_estimated_cost", 0.5),
            average("total_estimated_cost_sum", 0.5),
            average("usage.total_tokens", 4),
            average("feedback_scores.speed", 1),
            count("error_count", 0),
          ],
        },
      },
      {
        send: get("/spans/stats", { type: "tool" }),
        status: 200,
        match: { stats: beginningWith(count("span_count", 1)) },
      },
      {
        send: get("/spans/stats", { trace_id: "<two>" }),
        status: 200,
        match: { stats: beginningWith(count("span_count", 0)) },
      },
      {
        send: `GET ${PRIVATE}/spans/stats?project_name=<unknown>`,
        status: 404,
        message: "Project name: <unknown> not found",
      },
    ],
  },
  {
    name: "the statistics of a project have the averages of its scores",
    given: [twoTraces],
    steps: [
      {
        send: `GET ${PRIVATE}/projects/stats?name=<projectname>`,
        status: 200,
        match: { content: [{ project_id: "<project>", feedback_scores: [{ name: "quality", value: 0.5 }] }] },
      },
    ],
  },
  {
    name: "a project says whether it has traces or spans",
    given: [twoTraces],
    steps: [
      { send: get("/traces/exists"), status: 200, json: { exists: true } },
      { send: get("/traces/exists", { source: "experiment" }), status: 200, json: { exists: true } },
      { send: get("/traces/exists", { source: "playground" }), status: 200, json: { exists: false } },
      {
        send: get("/traces/exists", { source: "experiment", thread_only: "true" }),
        status: 200,
        json: { exists: false },
      },
      { send: get("/traces/exists", { thread_only: "true" }), status: 200, json: { exists: true } },
      { send: get("/spans/exists"), status: 200, json: { exists: true } },
      { send: get("/spans/exists", { source: "experiment" }), status: 200, json: { exists: false } },
      {
        send: `GET ${PRIVATE}/traces/exists?project_name=<unknown>`,
        status: 404,
        message: "Project name: <unknown> not found",
      },
      {
        send: `GET ${PRIVATE}/spans/exists`,
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
    ],
  },
];
