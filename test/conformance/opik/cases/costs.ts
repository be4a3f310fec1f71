import type { ConformanceCase, Step } from "../../case.ts";
import { newIds } from "../given.ts";

const SPANS = "/v1/private/spans";

/** Writes `<call>`, a span of `<trace>` with a thousand tokens in and a hundred out. */
const called = (more: object = {}): Step => ({
  send: `POST ${SPANS}`,
  body: {
    id: "<call>",
    trace_id: "<trace>",
    project_name: "<projectname>",
    start_time: "2026-01-01T00:00:01Z",
    type: "llm",
    model: "gpt-4o",
    provider: "openai",
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
    ...more,
  },
  status: 201,
});

/** What `<call>` costs. */
const costs = (total_estimated_cost: number, total_estimated_cost_version?: string): Step => ({
  send: `GET ${SPANS}/<call>`,
  status: 200,
  match: {
    total_estimated_cost,
    ...(total_estimated_cost_version === undefined ? {} : { total_estimated_cost_version }),
  },
  ...(total_estimated_cost_version === undefined ? { absent: ["total_estimated_cost_version"] } : {}),
});

/** `<call>` has no cost. */
const costsNothing: Step = {
  send: `GET ${SPANS}/<call>`,
  status: 200,
  match: { id: "<call>" },
  absent: ["total_estimated_cost", "total_estimated_cost_version"],
};

const given = [newIds("trace", "call")];

/** Costs of spans [opik 7.17]. */
export const costCases: readonly ConformanceCase[] = [
  {
    name: "a span costs what its model costs for its tokens",
    given,
    steps: [
      {
        send: "POST /v1/private/traces",
        body: { id: "<trace>", project_name: "<projectname>", start_time: "2026-01-01T00:00:00Z", thread_id: "talk" },
        status: 201,
      },
      called(),
      costs(0.0035, "1.0"),
      {
        send: `GET ${SPANS}/<call>`,
        status: 200,
        contains: '"total_estimated_cost":0.003500000000,"total_estimated_cost_version":"1.0"',
      },
      { send: "GET /v1/private/traces/<trace>", status: 200, match: { total_estimated_cost: 0.0035 } },
      {
        send: "POST /v1/private/traces/threads/retrieve",
        body: { project_name: "<projectname>", thread_id: "talk" },
        status: 200,
        match: { total_estimated_cost: 0.0035 },
      },
      {
        send: "GET /v1/private/projects/stats?name=<projectname>",
        status: 200,
        match: { content: [{ total_estimated_cost: 0.0035, total_estimated_cost_sum: 0.0035 }] },
      },
    ],
  },
  {
    name: "a cost that is given counts instead of a computed one",
    given,
    steps: [
      called({ total_estimated_cost: 0.5, total_estimated_cost_version: "mine" }),
      costs(0.5),
      {
        send: `PATCH ${SPANS}/<call>`,
        body: {
          trace_id: "<trace>",
          project_name: "<projectname>",
          model: "gpt-4o",
          provider: "openai",
          usage: { prompt_tokens: 1 },
          total_estimated_cost: 0.25,
        },
        status: 204,
      },
      costs(0.25),
    ],
  },
  {
    name: "a cost is computed anew with the usage of a span",
    given,
    steps: [
      called({ usage: undefined }),
      costsNothing,
      {
        send: `PATCH ${SPANS}/<call>`,
        body: {
          trace_id: "<trace>",
          project_name: "<projectname>",
          model: "gpt-4o",
          provider: "openai",
          usage: { prompt_tokens: 2000 },
        },
        status: 204,
      },
      costs(0.005, "1.0"),
    ],
  },
  {
    name: "a model without a price costs what the metadata of the span say",
    given,
    steps: [
      called({ model: "unheard-of", metadata: { cost: { currency: "USD", total_cost: 0.125 } } }),
      costs(0.125, "1.0"),
    ],
  },
  {
    name: "a span costs nothing that is known when its provider is not known",
    given,
    steps: [called({ provider: "nobody" }), costsNothing],
  },
];
