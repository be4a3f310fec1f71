import type { Database } from "../../database/database.ts";
import { type Order, Search } from "../../database/search.ts";
import { equals, type Sql, sql } from "../../database/sql.ts";
import type { Cursor } from "../wire/paging.ts";
import { type RunRow, RUNS } from "./run.ts";
import type { ErrorClass, ExecutionMode } from "./schema.ts";
import type { RunStatus } from "./state-machine.ts";

/** A tag, or an entry of the metadata. Without a value, each run that has the key is meant. */
export interface Label {
  key: string;
  value: string | undefined;
}

/** Which runs of a project a list shows; `undefined` does not filter. */
export interface RunFilter {
  projectId: string;
  /** One of these, without repetitions; an empty list does not filter. */
  statuses?: readonly RunStatus[] | undefined;
  /** At most one of `tag` and `metadata`. */
  tag?: Label | undefined;
  metadata?: Label | undefined;
  triggeredBy?: string | undefined;
  batchId?: string | undefined;
  executionMode?: ExecutionMode | undefined;
  errorClass?: ErrorClass | undefined;
}

/** Which runs that have not started are meant; `undefined` does not filter. */
export interface StartFilter {
  projectId: string;
  jobId: string | undefined;
  batchId: string | undefined;
  triggeredBy: string | undefined;
  status: string | undefined;
}

const NEWEST: Order = { columns: ["run.created_at", "run.id"], descending: true };
const NEWEST_LABELS: Order = { columns: ["label.created_at", "label.run_id"], descending: true };

/** As the real server limits one request (`BulkCancelByFilter`). */
const MAX_CANCELED_AT_ONCE = 10_000;

/** The SQL of lists of runs. Each filter has an index in the order of the list (`0017_scale.sql`). */
export class RunSearch {
  readonly #runs: Search<RunRow>;
  readonly #labelled: Search<RunRow>;
  readonly #toStart: Search<Pick<RunRow, "id">>;

  constructor(database: Database) {
    const columns = RUNS.columns.map((column) => `run.${column}`).join(", ");
    this.#runs = new Search(database, columns, "executor_runs run");
    // A cross join begins with its first table, which is in the order of the list.
    const labelled = "executor_run_labels label CROSS JOIN executor_runs run ON run.id = label.run_id";
    this.#labelled = new Search(database, columns, labelled);
    this.#toStart = new Search(database, "id", "executor_runs INDEXED BY executor_runs_to_start");
  }

  /** Newest first, behind the cursor. */
  newest(filter: RunFilter, cursor: Cursor | undefined, limit: number): RunRow[] {
    const { statuses = [] } = filter;
    if (statuses.length <= 1) return this.#newestOf(filter, statuses[0], cursor, limit);
    // An index is in the order of the list for one status only.
    return statuses
      .flatMap((status) => this.#newestOf(filter, status, cursor, limit))
      .toSorted(isNewer)
      .slice(0, limit);
  }

  /** The ids of runs that have not started, oldest first, at most 10,000. */
  idsToStart({ projectId, jobId, batchId, triggeredBy, status }: StartFilter): string[] {
    const rows = this.#toStart.page({
      where: [
        sql`project_id = ${projectId} AND status IN ('delayed', 'queued')`,
        equals("job_id", jobId),
        equals("batch_id", batchId),
        equals("triggered_by", triggeredBy),
        equals("status", status),
      ],
      order: { columns: ["sequence"], descending: false },
      limit: MAX_CANCELED_AT_ONCE,
    });
    return rows.map(({ id }) => id);
  }

  #newestOf(filter: RunFilter, status: RunStatus | undefined, cursor: Cursor | undefined, limit: number): RunRow[] {
    const { projectId, triggeredBy, batchId, executionMode, errorClass } = filter;
    const where = [
      sql`run.project_id = ${projectId}`,
      equals("run.status", status),
      equals("run.triggered_by", triggeredBy),
      equals("run.batch_id", batchId),
      equals("run.execution_mode", executionMode),
      equals("run.error_class", errorClass),
    ];
    const after = cursor && [cursor.time, cursor.id ?? ""];
    const label = labelCondition(filter);
    return label === undefined
      ? this.#runs.page({ where, order: NEWEST, after, limit })
      : this.#labelled.page({ where: [label, ...where], order: NEWEST_LABELS, after, limit });
  }
}

function labelCondition({ projectId, tag, metadata }: RunFilter): Sql | undefined {
  const label = tag ?? metadata;
  if (label === undefined) return undefined;
  const kind = tag === undefined ? "metadata" : "tag";
  const ofKey = sql`label.project_id = ${projectId} AND label.kind = ${kind} AND label.key = ${label.key}`;
  return label.value === undefined ? ofKey : sql`${ofKey} AND label.value = ${label.value}`;
}

function isNewer(a: RunRow, b: RunRow): number {
  if (a.created_at !== b.created_at) return b.created_at - a.created_at;
  return a.id < b.id ? 1 : -1;
}
