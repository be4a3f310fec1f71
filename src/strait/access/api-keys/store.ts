import { json, text } from "../../../database/column.ts";
import type { Database } from "../../../database/database.ts";
import { type Row, Table } from "../../../database/table.ts";
import { time } from "../../wire/columns.ts";

export const API_KEYS = new Table("executor_api_keys", {
  id: text(),
  project_id: text(),
  org_id: text().nullable(),
  name: text(),
  /** SHA-256 of the key, in hexadecimal digits. */
  key_hash: text().internal(),
  key_prefix: text(),
  scopes_json: json(),
  expires_at: time().nullable(),
  revoked_at: time().nullable(),
  created_at: time(),
  environment_id: text().nullable(),
  /** Until when a key that was rotated still works. */
  grace_ends_at: time().nullable().internal(),
});

export type ApiKeyRow = Row<typeof API_KEYS>;

/** The SQL of API keys. */
export class ApiKeyStore {
  readonly #insert;
  readonly #find;
  readonly #findByHash;
  readonly #newest;
  readonly #revoke;
  readonly #startGrace;

  constructor(database: Database) {
    this.#insert = API_KEYS.insert(database);
    this.#find = database.prepare<[string], ApiKeyRow>(`SELECT ${API_KEYS.list} FROM executor_api_keys WHERE id = ?`);
    this.#findByHash = database.prepare<[string], ApiKeyRow>(
      `SELECT ${API_KEYS.list} FROM executor_api_keys WHERE key_hash = ?`,
    );
    this.#newest = database.prepare<[{ project_id: string; time: number; id: string; limit: number }], ApiKeyRow>(
      `SELECT ${API_KEYS.list} FROM executor_api_keys WHERE project_id = +:project_id AND (created_at, id) < (:time, :id)
       ORDER BY created_at DESC, id DESC LIMIT +:limit`,
    );
    this.#revoke = database.prepare<[number, string]>("UPDATE executor_api_keys SET revoked_at = ? WHERE id = ?");
    this.#startGrace = database.prepare<[number, string]>(
      "UPDATE executor_api_keys SET grace_ends_at = ? WHERE id = ?",
    );
  }

  insert(row: ApiKeyRow): void {
    this.#insert.run(row);
  }

  find(id: string): ApiKeyRow | undefined {
    return this.#find.get(id);
  }

  findByHash(hash: string): ApiKeyRow | undefined {
    return this.#findByHash.get(hash);
  }

  newest(projectId: string, bounds: { time: number; id: string }, limit: number): ApiKeyRow[] {
    return this.#newest.all({ project_id: projectId, ...bounds, limit });
  }

  revoke(id: string, at: number): void {
    this.#revoke.run(at, id);
  }

  startGrace(id: string, endsAt: number): void {
    this.#startGrace.run(endsAt, id);
  }
}
