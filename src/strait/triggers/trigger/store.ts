import { LAST_MOMENT_MS } from "../../../core/timestamps.ts";
import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

const DEBOUNCES = new Table("executor_debounces", {
  job_id: text(),
  debounce_key: text(),
  /** The planned run. */
  request_json: json().changing(),
  fire_at: time().changing(),
});

export type DebounceRow = Row<typeof DEBOUNCES>;

export const BATCH_ITEMS = new Table("executor_batch_items", {
  job_id: text(),
  batch_key: text(),
  payload_json: json(),
  created_by: text().nullable(),
  fire_at: time(),
});

export type BatchItemRow = Row<typeof BATCH_ITEMS>;

/** A batch that has not fired yet. */
export interface WaitingBatch {
  /** How many payloads it has. */
  size: number;
  /** `null` while it has none. */
  fire_at: number | null;
}

/** When batches fire that are held. */
const HELD = LAST_MOMENT_MS;

/** The SQL of deferred triggers. */
export class DeferredTriggerStore {
  readonly #upsertDebounce;
  readonly #dueDebounces;
  readonly #deleteDebounce;
  readonly #insertItem;
  readonly #waiting;
  readonly #items;
  readonly #dueBatches;
  readonly #deleteItems;
  readonly #hold;
  readonly #release;
  readonly #hasHeld;
  readonly #nextDue;

  constructor(database: Database) {
    this.#upsertDebounce = database.prepare<[DebounceRow]>(
      `${DEBOUNCES.insertion} ON CONFLICT (job_id, debounce_key) DO UPDATE SET ${DEBOUNCES.assignments}`,
    );
    this.#dueDebounces = database.prepare<[number], DebounceRow>(
      `SELECT ${DEBOUNCES.list} FROM executor_debounces WHERE fire_at <= +? ORDER BY fire_at`,
    );
    this.#deleteDebounce = database.prepare<[string, string]>(
      "DELETE FROM executor_debounces WHERE job_id = ? AND debounce_key = ?",
    );
    this.#insertItem = BATCH_ITEMS.insert(database);
    this.#waiting = database.prepare<[string, string], WaitingBatch>(
      "SELECT count(*) AS size, min(fire_at) AS fire_at FROM executor_batch_items WHERE job_id = ? AND batch_key = ?",
    );
    this.#items = database.prepare<[string, string], BatchItemRow>(
      `SELECT ${BATCH_ITEMS.list} FROM executor_batch_items
       WHERE job_id = +? AND batch_key = +? ORDER BY sequence`,
    );
    this.#dueBatches = database.prepare<[number], { job_id: string; batch_key: string }>(
      "SELECT DISTINCT job_id, batch_key FROM executor_batch_items WHERE fire_at <= +?",
    );
    this.#deleteItems = database.prepare<[string, string]>(
      "DELETE FROM executor_batch_items WHERE job_id = ? AND batch_key = ?",
    );
    this.#hold = database.prepare<[number, string, string]>(
      "UPDATE executor_batch_items SET fire_at = ? WHERE job_id = ? AND batch_key = ?",
    );
    this.#release = database.prepare<[number, string, number]>(
      "UPDATE executor_batch_items SET fire_at = ? WHERE job_id = ? AND fire_at = ?",
    );
    this.#hasHeld = database
      .prepare<[number], number>("SELECT EXISTS (SELECT 1 FROM executor_batch_items WHERE fire_at = +?)")
      .pluck();
    this.#nextDue = database
      .prepare<[], number | null>(
        `SELECT min(fire_at) FROM (SELECT min(fire_at) AS fire_at FROM executor_debounces
         UNION ALL SELECT min(fire_at) FROM executor_batch_items)`,
      )
      .pluck();
  }

  /** Stores the last trigger of a key in place of the one before. */
  debounce(row: DebounceRow): void {
    this.#upsertDebounce.run(row);
  }

  dueDebounces(now: number): DebounceRow[] {
    return this.#dueDebounces.all(now);
  }

  deleteDebounce(jobId: string, key: string): void {
    this.#deleteDebounce.run(jobId, key);
  }

  insertItem(row: BatchItemRow): void {
    this.#insertItem.run(row);
  }

  /** The size of a batch so far, and when it fires. */
  waiting(jobId: string, key: string): WaitingBatch {
    return this.#waiting.get(jobId, key) ?? { size: 0, fire_at: null };
  }

  /** In the order of their triggers. */
  items(jobId: string, key: string): BatchItemRow[] {
    return this.#items.all(jobId, key);
  }

  dueBatches(now: number): Array<{ job_id: string; batch_key: string }> {
    return this.#dueBatches.all(now);
  }

  deleteItems(jobId: string, key: string): void {
    this.#deleteItems.run(jobId, key);
  }

  /** Lets a batch not fire. */
  hold(jobId: string, key: string): void {
    this.#hold.run(HELD, jobId, key);
  }

  /** Lets the batches of a job that are held fire at a time. @returns whether there are any */
  release(jobId: string, fireAt: number): boolean {
    return this.#release.run(fireAt, jobId, HELD).changes > 0;
  }

  /** Whether any batch is held. */
  hasHeld(): boolean {
    return this.#hasHeld.get(HELD) === 1;
  }

  /** The time at which the next deferred trigger is due, if there is one. */
  nextDue(): number | undefined {
    const dueAt = this.#nextDue.get() ?? HELD;
    return dueAt < HELD ? dueAt : undefined;
  }
}
