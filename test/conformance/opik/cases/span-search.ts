import { expectStatus } from "../../../support/pairing.ts";
import type { Arrangement, ConformanceCase } from "../../case.ts";
import { without } from "../../expected.ts";
import { fill } from "../../world.ts";
import { newIds, query } from "../given.ts";

const SPANS = "/v1/private/spans";
const SEARCH = `POST ${SPANS}/search`;
const PROJECT = { project_name: "<projectname>" };

/** `<llm>` and `<tool>`: spans of `<trace>`, and `<elsewhere>`: a span of `<other>`; the first is the oldest. */
const threeSpans: Arrangement = async (world) => {
  await newIds("trace", "other", "llm", "tool", "elsewhere")(world);
  const common = { ...PROJECT, start_time: "2026-01-01T00:00:01Z" };
  const spans = [
    {
      id: "<llm>",
      trace_id: "<trace>",
      ...common,
      name: "ask",
      type: "llm",
      model: "GPT-9",
      provider: "openai",
      usage: { total_tokens: 12, completion_tokens: 4 },
      total_estimated_cost: 0.25,
      ttft: 80,
      metadata: { temperature: 0.5 },
      end_time: "2026-01-01T00:00:02Z",
    },
    {
      id: "<tool>",
      trace_id: "<trace>",
      parent_span_id: "<llm>",
      ...common,
      name: "look up",
      type: "tool",
      tags: ["x"],
    },
    { id: "<elsewhere>", trace_id: "<other>", ...common, name: "ask", type: "llm", usage: { total_tokens: 30 } },
  ];
  expectStatus(await world.call("POST", `${SPANS}/batch`, { body: fill({ spans }, world) }), 204);
};

const ids = (...names: string[]): Array<{ id: string }> => names.map((name) => ({ id: `<${name}>` }));

/** Filters, and the spans that meet them. */
const FOUND: ReadonlyArray<[filter: object, ...names: string[]]> = [
  [{ field: "name", operator: "=", value: "Ask" }, "elsewhere", "llm"],
  [{ field: "type", operator: "=", value: "tool" }, "tool"],
  [{ field: "trace_id", operator: "=", value: "<other>" }, "elsewhere"],
  [{ field: "trace_id", operator: "<", value: "<other>" }, "tool", "llm"],
  [{ field: "model", operator: "=", value: "gpt-9" }, "llm"],
  [{ field: "provider", operator: "starts_with", value: "OPEN" }, "llm"],
  [{ field: "usage.total_tokens", operator: ">", value: "11" }, "elsewhere", "llm"],
  [{ field: "usage.completion_tokens", operator: "=", value: "4" }, "llm"],
  [{ field: "usage.prompt_tokens", operator: ">", value: "0" }],
  [{ field: "total_estimated_cost", operator: ">=", value: "0.25" }, "llm"],
  [{ field: "duration", operator: "=", value: "1000" }, "llm"],
  [{ field: "ttft", operator: "!=", value: "1" }, "llm"],
  [{ field: "metadata", key: "temperature", operator: "=", value: "0.5" }, "llm"],
  [{ field: "tags", operator: "is_not_empty" }, "tool"],
  [{ field: "error_info", operator: "is_empty" }, "elsewhere", "tool", "llm"],
];

/** Writes a query. */
function list(parameters: Record<string, string>): string {
  return `GET ${SPANS}?project_id=<project>&${query(parameters)}`;
}

/** Searching spans [opik 7.10, 7.11]. */
export const spanSearchCases: readonly ConformanceCase[] = [
  {
    name: "a search streams the spans that meet the filters, the newest first",
    given: [threeSpans],
    steps: [
      ...FOUND.map(([filter, ...names]) => ({
        send: SEARCH,
        body: { ...PROJECT, filters: [filter] },
        status: 200,
        lines: ids(...names),
      })),
      { send: SEARCH, body: { ...PROJECT, trace_id: "<trace>" }, status: 200, lines: ids("tool", "llm") },
      { send: SEARCH, body: { ...PROJECT, trace_id: "<trace>", type: "llm" }, status: 200, lines: ids("llm") },
      { send: SEARCH, body: { ...PROJECT, type: "llm", limit: 1 }, status: 200, lines: ids("elsewhere") },
      { send: SEARCH, body: { ...PROJECT, last_retrieved_id: "<elsewhere>" }, status: 200, lines: ids("tool", "llm") },
    ],
  },
  {
    name: "a search shows spans, or leaves fields out",
    given: [threeSpans],
    steps: [
      {
        send: SEARCH,
        body: { ...PROJECT, trace_id: "<trace>", type: "llm", exclude: ["name"] },
        status: 200,
        lines: [
          {
            id: "<llm>",
            trace_id: "<trace>",
            project_id: "<project>",
            model: "GPT-9",
            metadata: { provider: "openai", temperature: 0.5 },
          },
        ],
      },
      { send: SEARCH, body: { ...PROJECT, limit: 1, exclude: ["name"] }, status: 200, lines: [without("name")] },
    ],
  },
  {
    name: "a search of spans that makes no sense is refused by name",
    steps: [
      {
        send: SEARCH,
        body: {},
        status: 400,
        message: "Either 'project_name' or 'project_id' query params must be provided",
      },
      { send: SEARCH, body: { project_name: "<unknown>" }, status: 404, message: "Project name: <unknown> not found" },
      {
        send: SEARCH,
        body: { ...PROJECT, filters: [{ field: "thread_id", operator: "=", value: "x" }] },
        status: 400,
        message: /^Unable to process JSON\. .*`com\.comet\.opik\.api\.filter\.SpanField` from String "thread_id"/,
      },
      {
        send: SEARCH,
        body: { ...PROJECT, exclude: ["id"] },
        status: 400,
        message: /^Unable to process JSON\. .*Unknown field: id/,
      },
    ],
  },
  {
    name: "a list of spans is filtered, searched and sorted",
    given: [threeSpans],
    steps: [
      {
        send: list({
          filters:
            '[{"field":"trace_id","operator":">","value":"<trace>"},{"field":"trace_id","operator":"<","value":"f"}]',
        }),
        status: 200,
        match: { page: 1, size: 1, total: 1, content: ids("elsewhere") },
      },
      { send: list({ trace_id: "<trace>", type: "tool" }), status: 200, match: { total: 1, content: ids("tool") } },
      { send: list({ search: "gpt" }), status: 200, match: { total: 1, content: ids("llm") } },
      {
        send: list({ sorting: '[{"field":"usage.total_tokens","direction":"DESC"}]' }),
        status: 200,
        match: { total: 3, content: ids("elsewhere", "llm", "tool") },
      },
      {
        send: list({ sorting: '[{"field":"type","direction":"ASC"}]' }),
        status: 200,
        match: { total: 3, content: ids("elsewhere", "llm", "tool") },
      },
      {
        send: list({
          trace_id: "<trace>",
          sorting: '[{"field":"parent_span_id","direction":"ASC"}]',
          exclude: '["type"]',
        }),
        status: 200,
        match: { total: 2, content: [{ id: "<tool>" }, without("type")] },
      },
      {
        send: list({ filters: '[{"field":"name","operator":"in","value":"x"}]' }),
        status: 400,
        message: "Invalid operator 'in' for field 'name' of type 'STRING'",
      },
    ],
  },
];
