import { type Block, placeOf, totalOf } from "../../../database/blocks.ts";
import type { Database } from "../../../database/database.ts";
import type { SizedRow } from "../../../database/rows-in-parts.ts";
import { type Order, Search } from "../../../database/search.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { SlicedSearch } from "../../../database/sliced-search.ts";
import { type Sql, sql } from "../../../database/sql.ts";
import { type ThreadRow, THREADS } from "./thread.ts";

/** What the traces of a thread come to. Times are ISO 8601 without their zone, which is UTC. */
export interface ThreadTotals {
  traces: number;
  start_time: string | null;
  end_time: string | null;
  environment: string | null;
}

/** A thread that has been scored but has no trace is not listed. */
const HAS_TRACES: Sql = sql`has_traces = 1`;

const LAST_CHANGED_FIRST: Order = { columns: ["last_updated_at", "id"], descending: true };

/** The milliseconds of `last_updated_at` that a row of `trace_thread_blocks` counts. */
const BLOCK_MS = 300_000;

const OF_THREAD = "workspace = +:workspace AND project_id = +:project_id AND thread_id = +:thread_id";

/** The SQL of threads. */
export class ThreadStore {
  /** Searches the threads. */
  readonly search: SlicedSearch;
  readonly #pages: Search<SizedRow>;
  readonly #blocks: Search<Block>;
  readonly #mention;
  readonly #find;
  readonly #findById;
  readonly #update;
  readonly #delete;
  readonly #totals;
  readonly #firstInput;
  readonly #lastOutput;
  readonly #traceIds;
  readonly #deleteUpdated;

  constructor(database: Database) {
    this.search = new SlicedSearch(database, THREADS.name, "0");
    this.#pages = new Search(database, "id, 0 AS bytes", THREADS.name);
    this.#blocks = new Search(database, "block, count", "trace_thread_blocks");
    this.#mention = database.prepare<[ThreadRow]>(
      `${THREADS.insertion} ON CONFLICT (workspace, project_id, thread_id) DO UPDATE SET status = excluded.status,
       last_updated_at = excluded.last_updated_at, last_updated_by = excluded.last_updated_by`,
    );
    this.#find = database.prepare<[string, string, string], ThreadRow>(
      `SELECT ${THREADS.list} FROM trace_threads WHERE workspace = +? AND project_id = +? AND thread_id = +?`,
    );
    this.#findById = database.prepare<[string, string], ThreadRow>(
      `SELECT ${THREADS.list} FROM trace_threads WHERE workspace = +? AND id = +?`,
    );
    this.#update = database.prepare<[ThreadRow]>(
      `UPDATE trace_threads SET ${THREADS.assignments} WHERE workspace = +:workspace AND id = +:id`,
    );
    this.#delete = database.prepare<[string, string]>("DELETE FROM trace_threads WHERE workspace = +? AND id = +?");
    // Without the Z, more digits of the same second sort behind fewer.
    this.#totals = database.prepare<[ThreadRow], ThreadTotals>(
      `SELECT count(*) AS traces, min(rtrim(start_time, 'Z')) AS start_time, max(rtrim(end_time, 'Z')) AS end_time,
       max(environment) AS environment FROM traces WHERE ${OF_THREAD}`,
    );
    // Of the row that has the least or the greatest value, SQLite returns the other columns too.
    this.#firstInput = database.prepare<[ThreadRow], { json: string | null }>(
      `SELECT input_json AS json, min(rtrim(start_time, 'Z')) FROM traces WHERE ${OF_THREAD}`,
    );
    this.#lastOutput = database.prepare<[ThreadRow], { json: string | null }>(
      `SELECT output_json AS json, max(rtrim(coalesce(end_time, start_time), 'Z')) FROM traces WHERE ${OF_THREAD}`,
    );
    this.#traceIds = database
      .prepare<[ThreadRow], string>(`SELECT id FROM traces WHERE ${OF_THREAD} ORDER BY id`)
      .pluck();
    this.#deleteUpdated = new SlicedDeletion(database, {
      table: THREADS.name,
      key: ["workspace", "id"],
      condition: "last_updated_at <= +:time",
      order: "last_updated_at",
    });
  }

  /** Adds a thread; of one that is there it writes the status and who changed it when. */
  mention(row: ThreadRow): void {
    this.#mention.run(row);
  }

  find(workspace: string, projectId: string, threadId: string): ThreadRow | undefined {
    return this.#find.get(workspace, projectId, threadId);
  }

  findById(workspace: string, id: string): ThreadRow | undefined {
    return this.#findById.get(workspace, id);
  }

  /** Writes the columns of a thread that can change. */
  update(row: ThreadRow): void {
    this.#update.run(row);
  }

  delete(workspace: string, id: string): void {
    this.#delete.run(workspace, id);
  }

  /** The conditions of the threads of a project that are listed. */
  listed(workspace: string, projectId: string): Sql[] {
    return [...ofProject(workspace, projectId), HAS_TRACES];
  }

  /** A page of all that are listed, those that were changed last first, and how many there are. */
  page(
    workspace: string,
    projectId: string,
    { limit, offset }: { limit: number; offset: number },
  ): { total: number; rows: SizedRow[] } {
    const blocks = this.#blocks.where(ofProject(workspace, projectId));
    const place = placeOf(blocks, offset);
    const page = { where: this.listed(workspace, projectId), order: LAST_CHANGED_FIRST, limit };
    const total = totalOf(blocks);
    if (place === undefined) return { total, rows: [] };
    const after = [(place.block + 1) * BLOCK_MS, ""];
    return { total, rows: this.#pages.page({ ...page, after, offset: place.skip }) };
  }

  totals(thread: ThreadRow): ThreadTotals | undefined {
    return this.#totals.get(thread);
  }

  /** The input of its first trace as JSON. */
  firstInput(thread: ThreadRow): string | null {
    return this.#firstInput.get(thread)?.json ?? null;
  }

  /** The output of its last trace as JSON. */
  lastOutput(thread: ThreadRow): string | null {
    return this.#lastOutput.get(thread)?.json ?? null;
  }

  /** The ids of its traces, the oldest first. */
  traceIds(thread: ThreadRow): string[] {
    return this.#traceIds.all(thread);
  }

  /** Deletes the threads that were last changed at `time` or before. */
  deleteUpdated(time: number): boolean {
    return this.#deleteUpdated.run(time);
  }
}

function ofProject(workspace: string, projectId: string): Sql[] {
  return [sql`workspace = ${workspace}`, sql`project_id = ${projectId}`];
}
