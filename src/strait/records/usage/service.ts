import type { StraitContext } from "../../context.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { Iteration, ToolCall, Usage } from "./schema.ts";
import {
  type IterationRow,
  ITERATIONS,
  TOOL_CALLS,
  type ToolCallRow,
  USAGE,
  type UsageRow,
  UsageStore,
} from "./store.ts";

export interface UsageServiceDependencies {
  runs: RunService;
}

interface PageQuery {
  limit: number;
  cursor?: Cursor | undefined;
}

/** The usage of runs: tokens, tool calls and iterations [strait 2.22]. */
export class UsageService {
  readonly #store: UsageStore;
  readonly #context: StraitContext;
  readonly #most: number;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: UsageServiceDependencies) {
    this.#store = new UsageStore(context.database);
    this.#context = context;
    this.#most = context.config.maxRecordsPerRun;
    this.#runs = dependencies.runs;
  }

  /** @throws StraitError 429 when the run has too many */
  appendUsage(runId: string, given: Omit<UsageRow, "id" | "run_id" | "created_at">): Usage {
    requireBelowLimit(this.#store.countUsage(runId), this.#most, "usage reports");
    const row = { ...this.#entry(runId), ...given };
    this.#store.insertUsage(row);
    return USAGE.toFields(row);
  }

  /** What a run has used so far, for its budgets. */
  totals(runId: string): { tokens: number; cost_microusd: number } {
    return this.#store.totals(runId);
  }

  /** @throws StraitError 429 when the run has too many */
  appendToolCall(runId: string, given: Omit<ToolCallRow, "id" | "run_id" | "created_at">): ToolCall {
    requireBelowLimit(this.countToolCalls(runId), this.#most, "tool calls");
    const row = { ...this.#entry(runId), ...given };
    this.#store.insertToolCall(row);
    return toToolCall(row);
  }

  countToolCalls(runId: string): number {
    return this.#store.countToolCalls(runId);
  }

  /** @throws StraitError 429 when the run has too many */
  appendIteration(runId: string, given: Omit<IterationRow, "id" | "run_id" | "created_at">): Iteration {
    requireBelowLimit(this.#store.countIterations(runId), this.#most, "iterations");
    const row = { ...this.#entry(runId), ...given };
    this.#store.insertIteration(row);
    return toIteration(row);
  }

  /** Newest first, as all lists here. @throws StraitError 404 */
  usage(caller: Caller, runId: string, query: PageQuery): Page<Usage> {
    const { id } = this.#runs.require(caller, runId);
    return toPage(this.#store.usage(id, before(query.cursor), query.limit + 1), query.limit, keyOf, (row) =>
      USAGE.toFields(row),
    );
  }

  /** @throws StraitError 404 */
  toolCalls(caller: Caller, runId: string, query: PageQuery): Page<ToolCall> {
    const { id } = this.#runs.require(caller, runId);
    return toPage(this.#store.toolCalls(id, before(query.cursor), query.limit + 1), query.limit, keyOf, toToolCall);
  }

  /** @throws StraitError 404 */
  iterations(caller: Caller, runId: string, query: PageQuery): Page<Iteration> {
    const { id } = this.#runs.require(caller, runId);
    return toPage(this.#store.iterations(id, before(query.cursor), query.limit + 1), query.limit, keyOf, toIteration);
  }

  #entry(runId: string): { id: string; run_id: string; created_at: number } {
    return { id: this.#context.ids.uuid(), run_id: runId, created_at: this.#context.clock.now() };
  }
}

function keyOf(row: { created_at: number; id: string }): { time: number; id: string } {
  return { time: row.created_at, id: row.id };
}

function toToolCall(row: ToolCallRow): ToolCall {
  // As Go leaves zeros and empty texts out.
  return { ...TOOL_CALLS.toFields(row), duration_ms: row.duration_ms || undefined };
}

function toIteration(row: IterationRow): Iteration {
  return { ...ITERATIONS.toFields(row), description: row.description || undefined };
}
