import type { Database as SqliteConnection } from "better-sqlite3";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openInMemory } from "../../src/database/in-memory.ts";
import { collectStatements } from "./statements.ts";

/** Tables that people fill by hand, or that have a row for each of those; every other table grows with use. */
const SMALL_TABLES: ReadonlySet<string> = new Set([
  "agent_environments",
  "agents",
  "annotation_queues",
  "environments",
  "executor_api_keys",
  "executor_circuits",
  "executor_job_versions",
  "executor_jobs",
  "executor_projects",
  "executor_secrets",
  "projects",
  "prompt_environments",
  "prompts",
  "runners",
  "script_files",
  "scripts",
  // a row for each answer that is under way
  "script_tasks",
  "workspace_configurations",
  // counts: a row for each status
  "bridge_command_counts",
  "executor_run_counts",
  "job_counts",
]);

/** Partial indexes with the work that has not ended, which limits keep small. A statement may read all of it. */
const INDEXES_OF_WORK: ReadonlySet<string> = new Set([
  "bridge_commands_unfinished",
  "cancellation_deliveries_unacknowledged",
  "dataset_export_jobs_in_progress",
  "datasets_processing",
  "executor_event_triggers_expiring",
  "executor_runs_ready_of_job",
  "executor_runs_to_start",
  "executor_runs_unfinished",
  "executor_webhook_deliveries_due",
  "jobs_running",
]);

/** Statements that sort or read rows of tables that grow all the same, each with its reason. */
const EXCEPTIONS: ReadonlyArray<readonly [statement: RegExp, reason: string]> = [
  [/FROM jobs INDEXED BY jobs_running WHERE .* ORDER BY sequence$/, "sorts the running jobs, at a start"],
  [/^SELECT DISTINCT runner_id FROM cancellations$/, "reads the index of the cancellations, at a start"],
  [/FROM executor_runs WHERE status IN .* unacknowledged = 1 ORDER BY/, "sorts the unacknowledged runs, at a start"],
  [/FROM executor_runs WHERE job_id = \+\? AND status IN .* ORDER BY sequence$/, "sorts the unfinished runs of a job"],
  [/FROM executor_runs WHERE parent_run_id = \+\? AND status IN/, "sorts the unfinished children of a run"],
  [
    /FROM executor_runs WHERE job_id = \+:job_id AND status = 'queued' AND/,
    "sorts queued runs of a job that is changed",
  ],
  [/FROM executor_runs WHERE job_id = \+\? AND status = 'queued'$/, "groups queued runs of a job that is changed"],
  [/FROM executor_runs WHERE status IN .* coalesce\(heartbeat_at/, "sorts the executing runs without heartbeats"],
  [/FROM executor_runs INDEXED BY executor_runs_to_start .* ORDER BY sequence$/, "sorts queued runs that expire"],
  [
    /FROM dataset_export_jobs WHERE workspace = \+\? ORDER BY id DESC$/,
    "lists the exports of a day, as the real server does",
  ],
  [/^WITH RECURSIVE up /, "sorts the lineage of one run"],
  [/FROM executor_batch_items WHERE fire_at <= /, "batched triggers are deleted when their batch fires"],
  [/FROM executor_event_triggers WHERE event_key = \+\? ORDER BY/, "sorts the waits of one key, one a project"],
  [/FROM executor_event_triggers WHERE job_run_id = \+:owner ORDER BY/, "sorts the waits of one run"],
  [/FROM assertion_results WHERE workspace = .* entity_id IN .* ORDER BY sequence$/, "sorts the results of one page"],
  [/FROM experiment_items WHERE workspace = \+\? AND experiment_id = \+\?$/, "counts what one experiment has"],
  [/FROM spans INDEXED BY spans_of_trace WHERE/, "sorts the spans of the traces of a page"],
  [/^SELECT EXISTS \(SELECT 1 FROM executor_runner_jobs\)$/, "ends with the first row"],
  [/^SELECT 1 FROM "\w+" LIMIT 1$/, "ends with the first row, in a reset"],
  [/^DELETE FROM "\w+"$/, "deletes all rows, in a reset"],
];

/** Tables of SQLite itself, and of values that a statement gets as a parameter or finds in a row. */
const VIRTUAL = /^(?:json_each|field$|pragma_table_info|sqlite_master|CONSTANT|\(subquery|up$|down$)/;

interface Statement {
  sql: string;
  plan: string[];
}

let statements: Statement[];

beforeAll(async () => {
  const { sqlite } = openInMemory();
  statements = (await collectStatements()).map((sql) => ({ sql, plan: planOf(sqlite, sql) }));
  sqlite.close();
});

function parametersOf(sql: string): unknown[] {
  const names = Array.from(sql.matchAll(/:(\w+)/g), ([, name]) => name!);
  return names.length > 0
    ? [Object.fromEntries(names.map((name) => [name, 1]))]
    : Array.from(sql.matchAll(/\?/g), () => 1);
}

function planOf(sqlite: SqliteConnection, sql: string): string[] {
  return sqlite
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...parametersOf(sql))
    .map(({ detail }) => detail);
}

/** The table that a plan calls by the name it has in its statement. */
function tableOf(sql: string, name: string): string {
  return new RegExp(`\\b(?:FROM|JOIN|UPDATE|INTO|,)\\s+(\\w+)(?:\\s+AS)?\\s+${name}\\b`).exec(sql)?.[1] ?? name;
}

/** What a statement reads or sorts as a whole of tables that grow. */
function findings({ sql, plan }: Statement): string[] {
  const tables = plan
    .flatMap((step) => /^(?:SCAN|SEARCH) (\S+)/.exec(step)?.[1] ?? [])
    .map((name) => tableOf(sql, name));
  const grows = (table: string): boolean => !SMALL_TABLES.has(table) && !VIRTUAL.test(table);
  return plan.filter((step) => {
    const [, name, index] = /^SCAN (\S+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(step) ?? [];
    if (name !== undefined) return grows(tableOf(sql, name)) && !INDEXES_OF_WORK.has(index ?? "");
    // Most files have one workspace.
    const [, searched] = /^SEARCH (\S+) USING .*\(workspace=\?\)$/.exec(step) ?? [];
    if (searched !== undefined) return grows(tableOf(sql, searched));
    return /^USE TEMP B-TREE FOR (?!LAST)/.test(step) && tables.some(grows);
  });
}

/** A statement in one line, without its columns. */
function shorten(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").replace(/SELECT (?:(?!SELECT).){60,}? FROM/, "SELECT … FROM");
}

describe("a statement of the stores", () => {
  test("reads and sorts no table that grows as a whole", () => {
    const found = statements.filter((statement) => findings(statement).length > 0);
    const unexpected = found.filter(({ sql }) => !EXCEPTIONS.some(([pattern]) => pattern.test(shorten(sql))));
    expect(unexpected.map((statement) => [shorten(statement.sql), ...findings(statement)])).toEqual([]);
    const unused = EXCEPTIONS.filter(([pattern]) => !found.some(({ sql }) => pattern.test(shorten(sql))));
    expect(unused).toEqual([]);
  });

  test("that SQLite would plan again on each call has its parameters behind a plus", () => {
    const planned = statements.filter(({ sql }) => /\b(?:ORDER BY|GROUP BY|LIMIT|DISTINCT)\b/.test(sql));
    const unsteady = planned.filter(({ sql }) =>
      /(?:[=<>]|\b(?:LIMIT|OFFSET|BETWEEN|AND))\s*[?:]/.test(sql.replaceAll(/'[^']*'/g, "''")),
    );
    expect(planned.length).toBeGreaterThan(50);
    expect(unsteady.map(({ sql }) => shorten(sql))).toEqual([]);
  });

  test("is found by this test when it scans or sorts", () => {
    const { sqlite } = openInMemory();
    onTestFinished(() => void sqlite.close());
    const findingsOf = (sql: string): string[] => findings({ sql, plan: planOf(sqlite, sql) });
    expect(findingsOf("SELECT * FROM jobs job WHERE job.error = ?")).toEqual(["SCAN job"]);
    expect(findingsOf("SELECT id FROM jobs WHERE runner_id = ? ORDER BY error")).toEqual([
      "USE TEMP B-TREE FOR ORDER BY",
    ]);
    expect(findingsOf("SELECT * FROM runners ORDER BY name")).toEqual([]);
    expect(findingsOf("SELECT * FROM jobs WHERE id = ?")).toEqual([]);
    const ofTraces =
      "SELECT type FROM spans WHERE workspace = ? AND trace_id IN (SELECT value FROM json_each(?)) ORDER BY id";
    expect(findingsOf(ofTraces)).toEqual(["SEARCH spans USING INDEX sqlite_autoindex_spans_1 (workspace=?)"]);
  });
});
