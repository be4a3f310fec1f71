import type { Database } from "../../database/database.ts";
import type { DeliveryRow } from "./delivery.ts";

const COLUMNS = [
  "id",
  "project_id",
  "environment_id",
  "event_trigger_id",
  "run_id",
  "job_id",
  "webhook_url",
  "signing_secret",
  "payload_json",
  "status",
  "attempts",
  "max_attempts",
  "last_status_code",
  "last_error",
  "next_retry_at",
  "delivered_at",
  "created_at",
  "updated_at",
] as const satisfies ReadonlyArray<keyof DeliveryRow>;

/** Which deliveries a list shows; `null` does not filter. */
export interface DeliveryFilter {
  project_id: string;
  environment_id: string | null;
  status: string | null;
}

/** The SQL of webhooks that are, or were, to be called. */
export class DeliveryStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #newest;
  readonly #pending;

  constructor(database: Database) {
    const columns = COLUMNS.join(", ");
    const select = `SELECT ${columns} FROM executor_webhook_deliveries`;
    this.#insert = database.prepare<[DeliveryRow]>(
      `INSERT INTO executor_webhook_deliveries (${columns}) VALUES (${COLUMNS.map((column) => `:${column}`).join(", ")})`,
    );
    this.#update = database.prepare<[DeliveryRow]>(
      `UPDATE executor_webhook_deliveries SET status = :status, attempts = :attempts,
       last_status_code = :last_status_code, last_error = :last_error, next_retry_at = :next_retry_at,
       delivered_at = :delivered_at, updated_at = :updated_at WHERE id = :id`,
    );
    this.#find = database.prepare<[string], DeliveryRow>(`${select} WHERE id = ?`);
    this.#newest = database.prepare<[DeliveryFilter & { time: number; id: string; limit: number }], DeliveryRow>(
      `${select} WHERE project_id = :project_id AND (:environment_id IS NULL OR environment_id = :environment_id)
       AND (:status IS NULL OR status = :status) AND (created_at, id) < (:time, :id)
       ORDER BY created_at DESC, id DESC LIMIT :limit`,
    );
    this.#pending = database
      .prepare<[], string>(
        "SELECT id FROM executor_webhook_deliveries WHERE status = 'pending' ORDER BY next_retry_at, id",
      )
      .pluck();
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
    return this.#newest.all({ ...filter, ...bounds, limit });
  }

  /** The ids of all that are to be called, in all projects, the first in turn first. */
  pending(): string[] {
    return this.#pending.all();
  }
}
