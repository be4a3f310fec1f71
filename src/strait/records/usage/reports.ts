import type { TokenHolder } from "../../access/tokens/service.ts";
import type { JobDefinition } from "../../definitions/jobs/schema.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import { costOf } from "./prices.ts";
import type { Iteration, IterationRequest, ToolCall, ToolCallRequest, Usage, UsageRequest } from "./schema.ts";
import type { UsageService } from "./service.ts";

export interface UsageReportsDependencies {
  jobs: JobService;
  runs: RunService;
  usage: UsageService;
}

/**
 * Checks reports of usage against the limits of their jobs [strait 2.22]: the fields `max_tokens_per_run`,
 * `max_cost_per_run_microusd`, `max_tool_calls_per_run`, `max_iterations_per_run`, `allowed_tools` and `blocked_tools`;
 * none or 0 is no limit. A report that breaks a limit is not recorded.
 */
export class UsageReports {
  readonly #jobs: JobService;
  readonly #runs: RunService;
  readonly #usage: UsageService;

  constructor(dependencies: UsageReportsDependencies) {
    this.#jobs = dependencies.jobs;
    this.#runs = dependencies.runs;
    this.#usage = dependencies.usage;
  }

  /** Records tokens of a model. @throws StraitError 429 when the run's budget of tokens or money is used up */
  reportUsage(holder: TokenHolder, request: UsageRequest): Usage {
    const { provider, model, prompt_tokens = 0, completion_tokens = 0, total_tokens, cost_microusd } = request;
    const total = total_tokens || prompt_tokens + completion_tokens;
    const cost = cost_microusd || costOf(model, { prompt: prompt_tokens, completion: completion_tokens });
    return this.#runs.whileActive(holder, (run) => {
      this.#checkBudgets(run, total, cost);
      const tokens = { prompt_tokens, completion_tokens, total_tokens: total };
      return this.#usage.appendUsage(run.id, { provider, model, ...tokens, cost_microusd: cost });
    });
  }

  /** Records a call of a tool. @throws StraitError 403 for a tool that the job forbids, 429 above the limit of calls */
  reportToolCall(holder: TokenHolder, request: ToolCallRequest): ToolCall {
    const { tool_name, input, output, duration_ms, status } = request;
    return this.#runs.whileActive(holder, (run) => {
      const limits = this.#limitsOf(run);
      checkTool(limits, tool_name);
      const limit = limits?.max_tool_calls_per_run;
      if (limit && this.#usage.countToolCalls(run.id) >= limit) throw limitExceeded("tool_call_limit_exceeded", limit);
      return this.#usage.appendToolCall(run.id, {
        tool_name,
        input_json: input?.text ?? null,
        output_json: output?.text ?? null,
        duration_ms: duration_ms ?? null,
        status: status ?? "completed",
      });
    });
  }

  /** Records an iteration. @throws StraitError 429 above the limit of iterations */
  reportIteration(holder: TokenHolder, { iteration, description }: IterationRequest): Iteration {
    return this.#runs.whileActive(holder, (run) => {
      const limit = this.#limitsOf(run)?.max_iterations_per_run;
      if (limit && iteration > limit) throw limitExceeded("iteration_limit_exceeded", limit);
      return this.#usage.appendIteration(run.id, { iteration, description: description ?? null });
    });
  }

  #checkBudgets(run: RunRow, tokens: number, cost: number): void {
    const limits = this.#limitsOf(run);
    const used = this.#usage.totals(run.id);
    const [maxCost, totalCost] = [limits?.max_cost_per_run_microusd, used.cost_microusd + cost];
    // As the real server compares them: a cost that reaches its limit is too much, tokens must exceed theirs.
    if (maxCost && totalCost >= maxCost) throw new StraitError(429, "per-run cost budget exceeded");
    const [maxTokens, totalTokens] = [limits?.max_tokens_per_run, used.tokens + tokens];
    if (maxTokens && totalTokens > maxTokens) {
      const details = [`current=${totalTokens} limit=${maxTokens}`];
      throw new StraitError(429, "token_budget_exceeded", { code: "token_budget_exceeded", details });
    }
  }

  #limitsOf(run: RunRow): JobDefinition | undefined {
    return this.#jobs.find(run.job_id)?.definition;
  }
}

/** @throws StraitError 403 */
function checkTool(limits: JobDefinition | undefined, name: string): void {
  const details = [`tool=${name}`];
  if (limits?.blocked_tools?.includes(name)) {
    throw new StraitError(403, "tool is blocked by the job", { code: "tool_blocked", details });
  }
  const allowed = limits?.allowed_tools ?? [];
  if (allowed.length > 0 && !allowed.includes(name)) {
    throw new StraitError(403, "tool is not allowed by the job", { code: "tool_not_allowed", details });
  }
}

function limitExceeded(code: string, limit: number): StraitError {
  return new StraitError(429, code, { code, details: [`limit=${limit}`] });
}
