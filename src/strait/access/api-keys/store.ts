import type { Database } from "../../../database/database.ts";

export interface ApiKeyRow {
  id: string;
  project_id: string;
  org_id: string | null;
  environment_id: string | null;
  name: string;
  /** SHA-256 of the key, in hexadecimal digits. */
  key_hash: string;
  key_prefix: string;
  scopes_json: string;
  created_at: number;
  expires_at: number | null;
  /** Until when a key that was rotated still works. */
  grace_ends_at: number | null;
  revoked_at: number | null;
}

/** The SQL of API keys. */
export class ApiKeyStore {
  readonly #insert;
  readonly #find;
  readonly #findByHash;
  readonly #newest;
  readonly #revoke;
  readonly #startGrace;

  constructor(database: Database) {
    this.#insert = database.prepare<[ApiKeyRow]>(
      `INSERT INTO executor_api_keys (id, project_id, org_id, environment_id, name, key_hash, key_prefix, scopes_json,
       created_at, expires_at, grace_ends_at, revoked_at) VALUES (:id, :project_id, :org_id, :environment_id, :name,
       :key_hash, :key_prefix, :scopes_json, :created_at, :expires_at, :grace_ends_at, :revoked_at)`,
    );
    this.#find = database.prepare<[string], ApiKeyRow>("SELECT * FROM executor_api_keys WHERE id = ?");
    this.#findByHash = database.prepare<[string], ApiKeyRow>("SELECT * FROM executor_api_keys WHERE key_hash = ?");
    this.#newest = database.prepare<[{ project_id: string; time: number; id: string; limit: number }], ApiKeyRow>(
      `SELECT * FROM executor_api_keys WHERE project_id = +:project_id AND (created_at, id) < (:time, :id)
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
