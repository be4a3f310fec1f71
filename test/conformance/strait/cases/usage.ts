import type { ConformanceCase } from "../../case.ts";
import { UNREADABLE, executing, invalid, sdk } from "../given.ts";

const MINI = { provider: "openai", model: "gpt-4o-mini" };

/** Usage, tool calls and iterations, which the real server had until June 2026 [strait 2.22]. */
export const usageCases: readonly ConformanceCase[] = [
  {
    name: "usage is added up and priced when the executor does not",
    given: [executing()],
    steps: [
      sdk(
        "POST /usage",
        { ...MINI, prompt_tokens: 1_000, completion_tokens: 100 },
        {
          status: 201,
          match: { run_id: "<run>", ...MINI, total_tokens: 1_100, cost_microusd: 210 },
        },
      ),
      sdk(
        "POST /usage",
        { ...MINI, prompt_tokens: 1, completion_tokens: 1, total_tokens: 5, cost_microusd: 7 },
        {
          status: 201,
          match: { total_tokens: 5, cost_microusd: 7 },
        },
      ),
      sdk(
        "POST /usage",
        { provider: "openai", model: "gpt-4o-mini-2024-07-18", prompt_tokens: 1_000 },
        {
          status: 201,
          match: { cost_microusd: 150 },
        },
      ),
      sdk(
        "POST /usage",
        { provider: "mine", model: "unheard-of", prompt_tokens: 1_000 },
        {
          status: 201,
          match: { cost_microusd: 0 },
        },
      ),
      {
        send: "GET /v1/runs/<run>/usage?limit=2",
        status: 200,
        match: { data: [{ model: "unheard-of" }, {}], has_more: true },
      },
    ],
  },
  {
    name: "usage needs a provider and a model, and no negative numbers",
    given: [executing()],
    steps: [
      sdk("POST /usage", {}, invalid("provider: failed on 'required'", "model: failed on 'required'")),
      sdk("POST /usage", { ...MINI, prompt_tokens: -1 }, invalid("prompt_tokens: failed on 'min'")),
      sdk("POST /usage", { ...MINI, prompt_tokens: 1.5 }, UNREADABLE),
    ],
  },
  {
    name: "a budget of tokens cannot be exceeded",
    given: [executing({ definition: { max_tokens_per_run: 100 } })],
    steps: [
      sdk("POST /usage", { ...MINI, total_tokens: 60 }, { status: 201, match: { total_tokens: 60 } }),
      sdk(
        "POST /usage",
        { ...MINI, total_tokens: 41 },
        {
          status: 429,
          refusal: {
            code: "token_budget_exceeded",
            message: "token_budget_exceeded",
            details: ["current=101 limit=100"],
          },
        },
      ),
      sdk("POST /usage", { ...MINI, total_tokens: 40 }, { status: 201, match: { total_tokens: 40 } }),
    ],
  },
  {
    name: "a budget of money cannot be reached",
    given: [executing({ definition: { max_cost_per_run_microusd: 100 } })],
    steps: [
      sdk("POST /usage", { ...MINI, cost_microusd: 99 }, { status: 201, match: { cost_microusd: 99 } }),
      sdk(
        "POST /usage",
        { ...MINI, cost_microusd: 1 },
        {
          status: 429,
          refusal: { code: "rate_limited", message: "per-run cost budget exceeded" },
        },
      ),
    ],
  },
  {
    name: "a tool call has a status, or the usual one",
    given: [executing()],
    steps: [
      sdk("POST /tool-call", '{"tool_name":"search","input":{"q":1.0},"output":null,"duration_ms":5}', {
        status: 201,
        contains: '"tool_name":"search","input":{"q":1.0},"output":null,"duration_ms":5,"status":"completed"',
      }),
      sdk("POST /tool-call", {}, invalid("tool_name: failed on 'required'")),
      { send: "GET /v1/runs/<run>/tool-calls", status: 200, match: { data: [{ tool_name: "search" }] } },
    ],
  },
  {
    name: "a job says which tools its runs may call, and how often",
    given: [executing({ definition: { allowed_tools: ["a", "b"], blocked_tools: ["b"], max_tool_calls_per_run: 1 } })],
    steps: [
      sdk(
        "POST /tool-call",
        { tool_name: "b" },
        {
          status: 403,
          refusal: { code: "tool_blocked", message: "tool is blocked by the job", details: ["tool=b"] },
        },
      ),
      sdk(
        "POST /tool-call",
        { tool_name: "c" },
        {
          status: 403,
          refusal: { code: "tool_not_allowed", message: "tool is not allowed by the job", details: ["tool=c"] },
        },
      ),
      sdk("POST /tool-call", { tool_name: "a" }, { status: 201, match: { tool_name: "a", status: "completed" } }),
      sdk(
        "POST /tool-call",
        { tool_name: "a" },
        {
          status: 429,
          refusal: { code: "tool_call_limit_exceeded", message: "tool_call_limit_exceeded", details: ["limit=1"] },
        },
      ),
    ],
  },
  {
    name: "iterations count from 1 to the job's limit",
    given: [executing({ definition: { max_iterations_per_run: 2 } })],
    steps: [
      sdk("POST /iteration", {}, invalid("iteration: failed on 'required'")),
      sdk("POST /iteration", { iteration: -1 }, invalid("iteration: failed on 'min'")),
      sdk(
        "POST /iteration",
        { iteration: 2, description: "last" },
        {
          status: 201,
          match: { run_id: "<run>", iteration: 2, description: "last" },
        },
      ),
      sdk(
        "POST /iteration",
        { iteration: 3 },
        {
          status: 429,
          refusal: { code: "iteration_limit_exceeded", message: "iteration_limit_exceeded", details: ["limit=2"] },
        },
      ),
      { send: "GET /v1/runs/<run>/iterations", status: 200, match: { data: [{ iteration: 2 }], has_more: false } },
    ],
  },
];
