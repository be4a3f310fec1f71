import { flag, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { SlicedDeletion } from "../../../database/sliced-deletion.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

const CANCELLATIONS = new Table("cancellations", {
  job_id: text(),
  runner_id: text(),
  cancelled_at: time(),
});

/** The reports of cancellations to audiences. */
const DELIVERIES = new Table("cancellation_deliveries", {
  job_id: text(),
  audience: text(),
  unacknowledged: flag(),
});

/** The SQL of cancellations that were not reported yet. */
export class CancellationStore {
  readonly #insert;
  readonly #undelivered;
  readonly #deliver;
  readonly #acknowledge;
  readonly #undoUnacknowledged;
  readonly #undoDelivery;
  readonly #deleteDelivered;
  readonly #runners;

  constructor(database: Database) {
    this.#insert = database.prepare<[Row<typeof CANCELLATIONS>]>(
      `${CANCELLATIONS.insertion} ON CONFLICT (job_id) DO NOTHING`,
    );
    this.#undelivered = database
      .prepare<[string, string], string>(
        `SELECT job_id FROM cancellations WHERE runner_id = +?
         AND NOT EXISTS (SELECT 1 FROM cancellation_deliveries d WHERE d.job_id = cancellations.job_id AND d.audience = +?)
         ORDER BY cancelled_at, job_id`,
      )
      .pluck();
    this.#runners = database.prepare<[], string>("SELECT DISTINCT runner_id FROM cancellations").pluck();
    this.#deliver = DELIVERIES.insert(database);
    this.#acknowledge = database.prepare<[string, string]>(
      "UPDATE cancellation_deliveries SET unacknowledged = 0 WHERE job_id = ? AND audience = ?",
    );
    this.#undoUnacknowledged = database.prepare<[]>("DELETE FROM cancellation_deliveries WHERE unacknowledged = 1");
    this.#undoDelivery = database.prepare<[string, string]>(
      "DELETE FROM cancellation_deliveries WHERE job_id = ? AND audience = ?",
    );
    this.#deleteDelivered = new SlicedDeletion(database, {
      table: "cancellations",
      key: ["job_id"],
      condition: `cancelled_at < +:time
        AND EXISTS (SELECT 1 FROM cancellation_deliveries d WHERE d.job_id = cancellations.job_id)`,
      order: "cancelled_at",
    });
  }

  insert(jobId: string, runnerId: string, cancelledAt: number): void {
    this.#insert.run({ job_id: jobId, runner_id: runnerId, cancelled_at: cancelledAt });
  }

  /** The ids of the runner's cancelled jobs that were not reported to this audience, oldest first. */
  undelivered(runnerId: string, audience: string): string[] {
    return this.#undelivered.all(runnerId, audience);
  }

  /** The ids of the runners that have cancellations, reported or not. */
  runners(): string[] {
    return this.#runners.all();
  }

  /** Marks the cancellation as reported to the audience and not acknowledged. */
  deliver(jobId: string, audience: string): void {
    this.#deliver.run({ job_id: jobId, audience, unacknowledged: 1 });
  }

  acknowledge(jobId: string, audience: string): void {
    this.#acknowledge.run(jobId, audience);
  }

  /** Makes unacknowledged cancellations unreported again, for all audiences. */
  undoUnacknowledged(): void {
    this.#undoUnacknowledged.run();
  }

  undoDelivery(jobId: string, audience: string): void {
    this.#undoDelivery.run(jobId, audience);
  }

  /** Deletes cancellations from before `time` that were reported to at least one audience. */
  deleteDelivered(time: number): boolean {
    return this.#deleteDelivered.run(time);
  }
}
