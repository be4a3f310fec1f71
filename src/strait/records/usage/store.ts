import type { Database } from "../../../database/database.ts";
import type { Statement } from "../../../database/statement.ts";

export interface UsageRow {
  id: string;
  run_id: string;
  provider: string;
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  cost_microusd: number;
  created_at: number;
}

export interface ToolCallRow {
  id: string;
  run_id: string;
  tool_name: string;
  input_json: string | null;
  output_json: string | null;
  duration_ms: number | null;
  status: string;
  created_at: number;
}

export interface IterationRow {
  id: string;
  run_id: string;
  iteration: number;
  description: string | null;
  created_at: number;
}

interface Bounds {
  time: number;
  id: string;
}

const NEWEST =
  "WHERE run_id = +:run_id AND (created_at, id) < (:time, :id) ORDER BY created_at DESC, id DESC LIMIT +:limit";

/** The SQL of what runs use: tokens, tools, turns. */
export class UsageStore {
  readonly #insertUsage;
  readonly #usage;
  readonly #countUsage;
  readonly #totals;
  readonly #insertToolCall;
  readonly #toolCalls;
  readonly #countToolCalls;
  readonly #insertIteration;
  readonly #iterations;
  readonly #countIterations;

  constructor(database: Database) {
    type Page = { run_id: string; limit: number } & Bounds;
    this.#insertUsage = database.prepare<[UsageRow]>(
      `INSERT INTO executor_usage (id, run_id, provider, model, prompt_tokens, completion_tokens, total_tokens,
       cost_microusd, created_at) VALUES (:id, :run_id, :provider, :model, :prompt_tokens, :completion_tokens,
       :total_tokens, :cost_microusd, :created_at)`,
    );
    this.#usage = database.prepare<[Page], UsageRow>(`SELECT * FROM executor_usage ${NEWEST}`);
    this.#totals = database.prepare<[string], { tokens: number; cost_microusd: number }>(
      `SELECT coalesce(sum(total_tokens), 0) AS tokens, coalesce(sum(cost_microusd), 0) AS cost_microusd
       FROM executor_usage WHERE run_id = ?`,
    );
    this.#insertToolCall = database.prepare<[ToolCallRow]>(
      `INSERT INTO executor_tool_calls (id, run_id, tool_name, input_json, output_json, duration_ms, status, created_at)
       VALUES (:id, :run_id, :tool_name, :input_json, :output_json, :duration_ms, :status, :created_at)`,
    );
    this.#toolCalls = database.prepare<[Page], ToolCallRow>(`SELECT * FROM executor_tool_calls ${NEWEST}`);
    const count = (table: string): Statement<[string], number> =>
      database.prepare<[string], number>(`SELECT count(*) FROM ${table} WHERE run_id = ?`).pluck();
    this.#countUsage = count("executor_usage");
    this.#countToolCalls = count("executor_tool_calls");
    this.#countIterations = count("executor_iterations");
    this.#insertIteration = database.prepare<[IterationRow]>(
      `INSERT INTO executor_iterations (id, run_id, iteration, description, created_at)
       VALUES (:id, :run_id, :iteration, :description, :created_at)`,
    );
    this.#iterations = database.prepare<[Page], IterationRow>(`SELECT * FROM executor_iterations ${NEWEST}`);
  }

  insertUsage(row: UsageRow): void {
    this.#insertUsage.run(row);
  }

  /** Newest first, as all lists here. */
  usage(runId: string, bounds: Bounds, limit: number): UsageRow[] {
    return this.#usage.all({ run_id: runId, ...bounds, limit });
  }

  countUsage(runId: string): number {
    return this.#countUsage.get(runId) ?? 0;
  }

  /** What a run has used so far. */
  totals(runId: string): { tokens: number; cost_microusd: number } {
    return this.#totals.get(runId) ?? { tokens: 0, cost_microusd: 0 };
  }

  insertToolCall(row: ToolCallRow): void {
    this.#insertToolCall.run(row);
  }

  toolCalls(runId: string, bounds: Bounds, limit: number): ToolCallRow[] {
    return this.#toolCalls.all({ run_id: runId, ...bounds, limit });
  }

  countToolCalls(runId: string): number {
    return this.#countToolCalls.get(runId) ?? 0;
  }

  countIterations(runId: string): number {
    return this.#countIterations.get(runId) ?? 0;
  }

  insertIteration(row: IterationRow): void {
    this.#insertIteration.run(row);
  }

  iterations(runId: string, bounds: Bounds, limit: number): IterationRow[] {
    return this.#iterations.all({ run_id: runId, ...bounds, limit });
  }
}
