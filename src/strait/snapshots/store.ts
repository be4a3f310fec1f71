import type { LongList } from "../../core/long-list.ts";
import type { Database } from "../../database/database.ts";
import { tableInParts } from "../../database/rows-in-parts.ts";
import type { PartName, Row } from "./row.ts";

interface Table {
  name: string;
  /** The column with the owner of a row. */
  owner?: string;
  order: string;
  /** A column that only says in which order rows were made. */
  counter?: string;
}

/** The parts of a snapshot, by their names in fixtures. */
const TABLES = {
  projects: { name: "executor_projects", order: "created_at, id" },
  jobs: { name: "executor_jobs", order: "created_at, id" },
  versions: { name: "executor_job_versions", owner: "job_id", order: "version" },
  memory: { name: "executor_memory", owner: "job_id", order: "memory_key" },
  runs: { name: "executor_runs", order: "sequence", counter: "sequence" },
  attempts: { name: "executor_run_attempts", owner: "run_id", order: "number" },
  events: { name: "executor_run_events", owner: "run_id", order: "number", counter: "sequence" },
  checkpoints: { name: "executor_checkpoints", owner: "run_id", order: "sequence" },
  state: { name: "executor_run_state", owner: "run_id", order: "state_key" },
  outputs: { name: "executor_outputs", owner: "run_id", order: "output_key" },
  usage: { name: "executor_usage", owner: "run_id", order: "created_at, id" },
  tool_calls: { name: "executor_tool_calls", owner: "run_id", order: "created_at, id" },
  iterations: { name: "executor_iterations", owner: "run_id", order: "created_at, id" },
  resources: { name: "executor_resource_snapshots", owner: "run_id", order: "created_at, id" },
  event_triggers: { name: "executor_event_triggers", owner: "job_run_id", order: "requested_at, id" },
} as const satisfies Record<"projects" | "jobs" | "runs" | PartName, Table>;

type TableName = keyof typeof TABLES;

/** The SQL of snapshots: whole rows, so that a column that is added to a table is a part of them from then on. */
export class SnapshotStore {
  readonly #database: Database;
  /** Prepared when they are first needed, because most servers never need them. */
  readonly #statements = new Map<TableName, Statements>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** All rows, oldest first. */
  all(table: "projects" | "jobs"): Row[] {
    const { name, order } = TABLES[table];
    return this.#database.prepare<[], Row>(`SELECT * FROM ${name} ORDER BY ${order}`).all();
  }

  /** All runs in the order in which they were made, read when they are needed. */
  eachRun(): LongList<Row> {
    const { columns, find } = this.#of("runs");
    const large = columns.filter((column) => column.endsWith("_json") || column === "error");
    return tableInParts(this.#database, { table: TABLES.runs.name, large }, (id) => find.get(id));
  }

  /** What belongs to a job or a run, in order. */
  ownedBy(owner: string, table: TableName): Row[] {
    return this.#of(table).owned.all({ owner });
  }

  /** Whether there is a row whose first column, its id, is that. */
  has(table: TableName, id: string): boolean {
    return this.#of(table).has.get(id) !== undefined;
  }

  /** @param row what it leaves out is NULL */
  insert(table: TableName, row: Row): void {
    const { insert, columns } = this.#of(table);
    insert.run(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
  }

  /**
   * Adds a row that belongs to a job or a run.
   * @param index its place among the owner's, from 0
   * @returns the row as it is now
   */
  insertPart(owner: string, table: TableName, row: Row, index: number): Row {
    const { owner: ownerColumn = "" }: Table = TABLES[table];
    // Checkpoints and events are numbered in their runs.
    const whole = { ...row, sequence: index + 1, number: index + 1, [ownerColumn]: owner };
    this.insert(table, whole);
    return whole;
  }

  #of(table: TableName): Statements {
    const known = this.#statements.get(table) ?? prepare(this.#database, TABLES[table]);
    this.#statements.set(table, known);
    return known;
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: Database, { name, owner, order, counter }: Table) {
  const columns = database
    .prepare<[string], string>("SELECT name FROM pragma_table_info(?)")
    .pluck()
    .all(name)
    .filter((column) => column !== counter);
  const select = `SELECT ${columns.join(", ")} FROM ${name}`;
  const values = columns.map((column) => `:${column}`).join(", ");
  return {
    columns,
    owned: database.prepare<[{ owner: string }], Row>(
      `${select} WHERE ${owner ?? columns[0]} = +:owner ORDER BY ${order}`,
    ),
    find: database.prepare<[string], Row>(`${select} WHERE ${columns[0]} = ?`),
    has: database.prepare<[string], Row>(`SELECT 1 FROM ${name} WHERE ${columns[0]} = ?`),
    insert: database.prepare<[Row]>(`INSERT INTO ${name} (${columns.join(", ")}) VALUES (${values})`),
  };
}
