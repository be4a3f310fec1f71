import type { Database } from "../../database/database.ts";
import { type Order, Search } from "../../database/search.ts";
import { equals } from "../../database/sql.ts";
import { DELIVERIES, type DeliveryRow, type PendingDelivery } from "./delivery.ts";

/** Which deliveries a list shows; `null` does not filter. */
export interface DeliveryFilter {
  project_id: string;
  environment_id: string | null;
  status: string | null;
}

const NEWEST: Order = { columns: ["created_at", "id"], descending: true };

/** The SQL of webhook deliveries. */
export class DeliveryStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #search: Search<DeliveryRow>;
  readonly #pending;
  readonly #ofRun;

  constructor(database: Database) {
    this.#insert = DELIVERIES.insert(database);
    this.#update = DELIVERIES.update(database);
    this.#find = database.prepare<[string], DeliveryRow>(
      `SELECT ${DELIVERIES.list} FROM executor_webhook_deliveries WHERE id = ?`,
    );
    this.#search = new Search(database, DELIVERIES.list, DELIVERIES.name);
    this.#pending = database.prepare<[], PendingDelivery>(
      `SELECT id, status, next_retry_at FROM executor_webhook_deliveries
       WHERE status = 'pending' ORDER BY next_retry_at, id`,
    );
    this.#ofRun = database.prepare<[string], DeliveryRow>(
      `SELECT ${DELIVERIES.list} FROM executor_webhook_deliveries WHERE run_id = ?`,
    );
  }

  insert(row: DeliveryRow): void {
    this.#insert.run(row);
  }

  /** Writes what changes when a webhook was called. */
  update(row: DeliveryRow): void {
    this.#update.run(row);
  }

  find(id: string): DeliveryRow | undefined {
    return this.#find.get(id);
  }

  /** Newest first. */
  newest(filter: DeliveryFilter, bounds: { time: number; id: string }, limit: number): DeliveryRow[] {
    const { project_id, environment_id, status } = filter;
    return this.#search.page({
      where: [equals("project_id", project_id), equals("environment_id", environment_id), equals("status", status)],
      order: NEWEST,
      after: [bounds.time, bounds.id],
      limit,
    });
  }

  /** All that are to be called, in all projects, the first in turn first. */
  pending(): PendingDelivery[] {
    return this.#pending.all();
  }

  /** All of a run, in no order. */
  ofRun(runId: string): DeliveryRow[] {
    return this.#ofRun.all(runId);
  }
}
