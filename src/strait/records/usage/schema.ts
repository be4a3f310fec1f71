import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { between, freeForm, integer, object, optional, optionalNonZero, required, string } from "../../wire/values.ts";

const dateTime = string({ format: "date-time" });

/** Tokens that a run used of a model [strait 2.22]. */
export const usage = v.object({
  id: string(),
  run_id: string(),
  provider: string(),
  model: string(),
  prompt_tokens: integer(),
  completion_tokens: integer(),
  total_tokens: integer(),
  cost_microusd: integer(),
  created_at: dateTime,
});
export type Usage = v.InferOutput<typeof usage>;

/** A tool that a run called [strait 2.22]. */
export const toolCall = v.object({
  id: string(),
  run_id: string(),
  tool_name: string(),
  input: v.optional(freeForm()),
  output: v.optional(freeForm()),
  duration_ms: v.optional(integer()),
  status: string(),
  created_at: dateTime,
});
export type ToolCall = v.InferOutput<typeof toolCall>;

/** One turn of a run's loop [strait 2.22]. */
export const iteration = v.object({
  id: string(),
  run_id: string(),
  iteration: integer(),
  description: v.optional(string()),
  created_at: dateTime,
});
export type Iteration = v.InferOutput<typeof iteration>;

export const usagePage = pageOf(usage);
export const toolCallPage = pageOf(toolCall);
export const iterationPage = pageOf(iteration);

const count = between(optional(integer()), 0);

/** Body of an executor's `usage` [strait 2.22]. */
export const usageRequest = object(
  {
    provider: required(string()),
    model: required(string()),
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    cost_microusd: count,
  },
  "SDKUsageRequest",
);
export type UsageRequest = v.InferOutput<typeof usageRequest>;

/** Body of an executor's `tool-call` [strait 2.22]. */
export const toolCallRequest = object(
  {
    tool_name: required(string()),
    input: optional(freeForm()),
    output: optional(freeForm()),
    duration_ms: count,
    status: optionalNonZero(string()),
  },
  "SDKToolCallRequest",
);
export type ToolCallRequest = v.InferOutput<typeof toolCallRequest>;

/** Body of an executor's `iteration` [strait 2.22]. */
export const iterationRequest = object(
  {
    iteration: between(required(integer()), 1),
    description: optionalNonZero(string()),
  },
  "sdkIterationRequest",
);
export type IterationRequest = v.InferOutput<typeof iterationRequest>;
