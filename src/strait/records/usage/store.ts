import { integer, json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import type { Statement } from "../../../database/statement.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const USAGE = new Table("executor_usage", {
  id: text(),
  run_id: text(),
  provider: text(),
  model: text(),
  prompt_tokens: integer(),
  completion_tokens: integer(),
  total_tokens: integer(),
  cost_microusd: integer(),
  created_at: time(),
});

export const TOOL_CALLS = new Table("executor_tool_calls", {
  id: text(),
  run_id: text(),
  tool_name: text(),
  input_json: json().nullable(),
  output_json: json().nullable(),
  duration_ms: integer().nullable(),
  status: text(),
  created_at: time(),
});

export const ITERATIONS = new Table("executor_iterations", {
  id: text(),
  run_id: text(),
  iteration: integer(),
  description: text().nullable(),
  created_at: time(),
});

export type UsageRow = Row<typeof USAGE>;
export type ToolCallRow = Row<typeof TOOL_CALLS>;
export type IterationRow = Row<typeof ITERATIONS>;

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
    this.#insertUsage = USAGE.insert(database);
    this.#usage = database.prepare<[Page], UsageRow>(`SELECT ${USAGE.list} FROM executor_usage ${NEWEST}`);
    this.#totals = database.prepare<[string], { tokens: number; cost_microusd: number }>(
      `SELECT coalesce(sum(total_tokens), 0) AS tokens, coalesce(sum(cost_microusd), 0) AS cost_microusd
       FROM executor_usage WHERE run_id = ?`,
    );
    this.#insertToolCall = TOOL_CALLS.insert(database);
    this.#toolCalls = database.prepare<[Page], ToolCallRow>(
      `SELECT ${TOOL_CALLS.list} FROM executor_tool_calls ${NEWEST}`,
    );
    const count = (table: string): Statement<[string], number> =>
      database.prepare<[string], number>(`SELECT count(*) FROM ${table} WHERE run_id = ?`).pluck();
    this.#countUsage = count("executor_usage");
    this.#countToolCalls = count("executor_tool_calls");
    this.#countIterations = count("executor_iterations");
    this.#insertIteration = ITERATIONS.insert(database);
    this.#iterations = database.prepare<[Page], IterationRow>(
      `SELECT ${ITERATIONS.list} FROM executor_iterations ${NEWEST}`,
    );
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
