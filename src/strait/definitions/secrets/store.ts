import { text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import { equals } from "../../../database/sql.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

/** Secrets; times in milliseconds since the epoch. */
export const SECRETS = new Table("executor_secrets", {
  id: text(),
  project_id: text(),
  /** `null` for a secret of the whole project, which pushes do not carry. */
  job_id: text().nullable(),
  environment: text(),
  secret_key: text(),
  value: text().internal(),
  created_at: time(),
  updated_at: time(),
});

export type SecretRow = Row<typeof SECRETS>;

/** Which secrets a list shows; `null` does not filter. */
export interface SecretFilter {
  project_id: string;
  job_id: string | null;
  environment: string | null;
}

const NEWEST: Order = { columns: ["created_at", "id"], descending: true };

/** The SQL of secrets. */
export class SecretStore {
  readonly #insert;
  readonly #find;
  readonly #search: Search<SecretRow>;
  readonly #ofJob;
  readonly #ofKey;
  readonly #delete;

  constructor(database: Database) {
    this.#insert = SECRETS.insert(database);
    this.#find = database.prepare<[string], SecretRow>(`SELECT ${SECRETS.list} FROM executor_secrets WHERE id = ?`);
    this.#search = new Search(database, SECRETS.list, SECRETS.name);
    this.#ofJob = database.prepare<[string, string], SecretRow>(
      `SELECT ${SECRETS.list} FROM executor_secrets WHERE job_id = +? AND environment = +? ORDER BY secret_key`,
    );
    this.#ofKey = database.prepare<[string, string, string], SecretRow>(
      `SELECT ${SECRETS.list} FROM executor_secrets
       WHERE job_id = ? AND environment = ? AND secret_key = ? COLLATE NOCASE`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM executor_secrets WHERE id = ?");
  }

  insert(row: SecretRow): void {
    this.#insert.run(row);
  }

  find(id: string): SecretRow | undefined {
    return this.#find.get(id);
  }

  /** Newest first. */
  newest(filter: SecretFilter, bounds: { time: number; id: string }, limit: number): SecretRow[] {
    const { project_id, job_id, environment } = filter;
    return this.#search.page({
      where: [equals("project_id", project_id), equals("job_id", job_id), equals("environment", environment)],
      order: NEWEST,
      after: [bounds.time, bounds.id],
      limit,
    });
  }

  /** By key. */
  ofJob(jobId: string, environment: string): SecretRow[] {
    return this.#ofJob.all(jobId, environment);
  }

  /** Finds the secret with this key, without regard to case, because header names have none. */
  ofKey(jobId: string, environment: string, key: string): SecretRow | undefined {
    return this.#ofKey.get(jobId, environment, key);
  }

  delete(id: string): void {
    this.#delete.run(id);
  }
}
