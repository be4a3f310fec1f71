import { integer, text } from "../../../../database/column.ts";
import type { Database } from "../../../../database/database.ts";
import { type Row, Table } from "../../../../database/table.ts";
import { time } from "../../../wire/columns.ts";
import type { ExportStatus } from "./schema.ts";

export const EXPORT_JOBS = new Table("dataset_export_jobs", {
  id: text(),
  workspace: text().internal(),
  dataset_id: text(),
  status: text<ExportStatus>().changing(),
  file_path: text().nullable().changing(),
  /** Of the file, in bytes. */
  size: integer().nullable().internal().changing(),
  error_message: text().nullable().changing(),
  created_at: time(),
  created_by: text(),
  last_updated_at: time().changing(),
  last_updated_by: text().nullable().changing(),
  expires_at: time().changing(),
  viewed_at: time().nullable().changing(),
});

export type ExportJobRow = Row<typeof EXPORT_JOBS>;

const IN_PROGRESS = "status IN ('PENDING', 'PROCESSING')";

/** The SQL of export jobs. */
export class ExportStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #hasFile;
  readonly #ofWorkspace;
  readonly #inProgressOf;
  readonly #inProgress;
  readonly #deleteExpired;
  readonly #deleteViewed;

  constructor(database: Database) {
    const { list } = EXPORT_JOBS;
    this.#insert = EXPORT_JOBS.insert(database);
    this.#update = EXPORT_JOBS.update(database);
    this.#find = database.prepare<[string, string], ExportJobRow>(
      `SELECT ${list} FROM dataset_export_jobs WHERE workspace = +? AND id = ?`,
    );
    this.#hasFile = database.prepare<[string], number>("SELECT 1 FROM dataset_export_jobs WHERE id = ?").pluck();
    this.#ofWorkspace = database.prepare<[string], ExportJobRow>(
      `SELECT ${list} FROM dataset_export_jobs WHERE workspace = +? ORDER BY id DESC`,
    );
    this.#inProgressOf = database.prepare<[string], ExportJobRow>(
      `SELECT ${list} FROM dataset_export_jobs WHERE dataset_id = ? AND ${IN_PROGRESS}`,
    );
    this.#inProgress = database.prepare<[], ExportJobRow>(
      `SELECT ${list} FROM dataset_export_jobs WHERE ${IN_PROGRESS}`,
    );
    this.#deleteExpired = database
      .prepare<[number, number], string>(
        `DELETE FROM dataset_export_jobs WHERE id IN
           (SELECT id FROM dataset_export_jobs WHERE status = 'COMPLETED' AND expires_at < +? ORDER BY expires_at LIMIT +?)
         RETURNING id`,
      )
      .pluck();
    this.#deleteViewed = database
      .prepare<[number], string>(
        `DELETE FROM dataset_export_jobs WHERE id IN
           (SELECT id FROM dataset_export_jobs WHERE status = 'FAILED' AND viewed_at > 0 LIMIT +?)
         RETURNING id`,
      )
      .pluck();
  }

  insert(row: ExportJobRow): void {
    this.#insert.run(row);
  }

  /** Writes the columns of a job that can change. */
  update(row: ExportJobRow): void {
    this.#update.run(row);
  }

  find(workspace: string, id: string): ExportJobRow | undefined {
    return this.#find.get(workspace, id);
  }

  /** Whether a file belongs to a job. */
  hasFile(id: string): boolean {
    return this.#hasFile.get(id) !== undefined;
  }

  /** The jobs of a workspace, the newest first. */
  ofWorkspace(workspace: string): ExportJobRow[] {
    return this.#ofWorkspace.all(workspace);
  }

  /** The job of a dataset that has not ended. */
  inProgressOf(datasetId: string): ExportJobRow | undefined {
    return this.#inProgressOf.get(datasetId);
  }

  /** The jobs of all workspaces that have not ended. */
  inProgress(): ExportJobRow[] {
    return this.#inProgress.all();
  }

  /** Deletes some jobs whose files expired before a time. Returns their ids. */
  deleteExpired(time: number, limit: number): string[] {
    return this.#deleteExpired.all(time, limit);
  }

  /** Deletes some failed jobs that a user has seen. Returns their ids. */
  deleteViewed(limit: number): string[] {
    return this.#deleteViewed.all(limit);
  }
}
