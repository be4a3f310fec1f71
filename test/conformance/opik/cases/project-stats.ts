import { type ConformanceCase, idInLocation } from "../../case.ts";
import { newIds } from "../given.ts";

const STATS = "GET /v1/private/projects/stats";
const START = "2026-01-01T00:00:00Z";
const HERE = { project_name: "<projectname>" };

/** What the traces of projects come to [opik 7.1]. */
export const projectStatsCases: readonly ConformanceCase[] = [
  {
    name: "the statistics of projects add up their traces and spans, in the order of their list",
    given: [newIds("first", "second", "third", "span", "other")],
    steps: [
      {
        send: "POST /v1/private/projects",
        body: { name: "<projectname> two" },
        status: 201,
        remember: { made: idInLocation },
      },
      {
        send: "POST /v1/private/traces/batch",
        body: {
          traces: [
            { id: "<first>", ...HERE, start_time: START, end_time: "2026-01-01T00:00:01Z", thread_id: "t" },
            { id: "<second>", ...HERE, start_time: START, end_time: "2026-01-01T00:00:03Z", thread_id: "t" },
            { id: "<third>", ...HERE, start_time: START },
          ],
        },
        status: 204,
      },
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [
            {
              id: "<span>",
              ...HERE,
              trace_id: "<first>",
              start_time: START,
              usage: { total_tokens: 3 },
              total_estimated_cost: 0.25,
            },
            {
              id: "<other>",
              ...HERE,
              trace_id: "<second>",
              start_time: START,
              usage: { total_tokens: 6 },
              total_estimated_cost: 0.5,
            },
          ],
        },
        status: 204,
      },
      {
        send: `${STATS}?name=<projectname>`,
        status: 200,
        json: {
          content: [
            { project_id: "<made>" },
            {
              project_id: "<project>",
              feedback_scores: [],
              duration: { p50: 2000, p90: 2800, p99: 2980 },
              total_estimated_cost: 0.375,
              total_estimated_cost_sum: 0.75,
              usage: { total_tokens: 4.5 },
              trace_count: 3,
              thread_count: 1,
            },
          ],
        },
      },
      {
        send: `${STATS}?name=<projectname>&size=1&page=2`,
        status: 200,
        match: { content: [{ project_id: "<project>", trace_count: 3 }] },
      },
      { send: `${STATS}?name=<unknown>`, status: 200, json: { content: [] } },
    ],
  },
  {
    name: "the statistics of projects have pages as their list",
    steps: [
      { send: `${STATS}?page=0`, status: 400, errors: ["query param page must be greater than or equal to 1"] },
      {
        send: `${STATS}?sorting=name`,
        status: 400,
        message: "Invalid sorting query parameter 'name'",
      },
    ],
  },
];
