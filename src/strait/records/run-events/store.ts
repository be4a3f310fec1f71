import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import { equals, Sql, sql } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";
import { UNPUBLISHED_TYPES } from "./published.ts";

export const RUN_EVENTS = new Table("executor_run_events", {
  id: text(),
  run_id: text(),
  type: text(),
  level: text().nullable(),
  message: text(),
  data_json: json().nullable(),
  created_at: time(),
});

export type RunEventRow = Row<typeof RUN_EVENTS>;

/** An event with its place in the order of all events. */
export interface StoredRunEvent extends RunEventRow {
  sequence: number;
}

export interface RunEventFilter {
  run_id: string;
  level: string | null;
  type: string | null;
}

/** A run's events behind one sequence and up to another, of one type or all that are published. */
export interface RunEventRange {
  run_id: string;
  after: number;
  until: number;
  type: string | null;
}

const IS_PUBLISHED = new Sql(`type NOT IN (${UNPUBLISHED_TYPES.map((type) => `'${type}'`).join(", ")})`);
const OLDEST: Order = { columns: ["created_at", "id"], descending: false };

/** The SQL of the histories of runs. */
export class RunEventStore {
  readonly #insert;
  readonly #events: Search<RunEventRow>;
  readonly #ranges: Search<StoredRunEvent>;
  readonly #last;

  constructor(database: Database) {
    this.#insert = database
      .prepare<[RunEventRow], number>(
        `INSERT INTO executor_run_events (${RUN_EVENTS.list}, number) VALUES (${RUN_EVENTS.values},
         (SELECT coalesce(max(number), 0) + 1 FROM executor_run_events WHERE run_id = :run_id)) RETURNING sequence`,
      )
      .pluck();
    this.#events = new Search(database, RUN_EVENTS.list, "executor_run_events");
    this.#ranges = new Search(database, `sequence, ${RUN_EVENTS.list}`, "executor_run_events");
    this.#last = database.prepare<[string], { sequence: number; number: number }>(
      "SELECT sequence, number FROM executor_run_events WHERE run_id = +? ORDER BY number DESC LIMIT 1",
    );
  }

  /** @returns the event's sequence */
  insert(row: RunEventRow): number {
    return this.#insert.get(row) ?? 0;
  }

  /** Oldest first. */
  oldest(filter: RunEventFilter, bounds: { time: number; id: string }, limit: number): RunEventRow[] {
    const { run_id, level, type } = filter;
    return this.#events.page({
      where: [equals("run_id", run_id), equals("level", level), equals("type", type)],
      order: OLDEST,
      after: [bounds.time, bounds.id],
      limit,
    });
  }

  /** 0 when the run has no events. */
  lastSequence(runId: string): number {
    return this.#last.get(runId)?.sequence ?? 0;
  }

  /** How many events a run has. */
  count(runId: string): number {
    return this.#last.get(runId)?.number ?? 0;
  }

  /** The first events of a range, in order. */
  behind({ run_id, after, until, type }: RunEventRange, limit: number): StoredRunEvent[] {
    // In a run, numbers and sequences have the same order; only numbers have an index for each run.
    const number = sql`SELECT number FROM executor_run_events WHERE sequence = ${after} AND run_id = ${run_id}`;
    return this.#ranges.page({
      where: [
        sql`run_id = ${run_id} AND number > coalesce((${number}), 0)`,
        sql`sequence > ${after} AND sequence <= ${until}`,
        equals("type", type) ?? IS_PUBLISHED,
      ],
      order: { columns: ["number"], descending: false },
      limit,
    });
  }
}
