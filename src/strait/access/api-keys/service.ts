import { createHash } from "node:crypto";
import { randomHex } from "../../../core/ids.ts";
import type { StraitContext } from "../../context.ts";
import type { ProjectService } from "../../definitions/projects/service.ts";
import { type Caller, canSee, projectOf, projectToCreateIn } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import { type ApiKey, type CreateApiKeyRequest, type CreatedApiKey, SCOPES } from "./schema.ts";
import { API_KEYS, type ApiKeyRow, ApiKeyStore } from "./store.ts";

export interface ApiKeyServiceDependencies {
  projects: ProjectService;
}

export const KEY_MARK = "strait_";
const KEY_BYTES = 32;
const PREFIX_LENGTH = 12;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DEFAULT_GRACE_MINUTES = 60;
const MAX_GRACE_MINUTES = 10_080;

/** Keys to the control plane; only their hashes are kept [strait 1.2]. */
export class ApiKeyService {
  readonly #context: StraitContext;
  readonly #store: ApiKeyStore;
  readonly #projects: ProjectService;

  constructor(context: StraitContext, dependencies: ApiKeyServiceDependencies) {
    this.#context = context;
    this.#store = new ApiKeyStore(context.database);
    this.#projects = dependencies.projects;
  }

  /** @throws StraitError 403 for another project than the caller's, 400 for unknown scopes and without an expiry */
  create(caller: Caller, request: CreateApiKeyRequest): CreatedApiKey {
    const { scopes = [], expires_in_days } = request;
    const project_id = projectToCreateIn(caller, request.project_id);
    if (scopes.length === 0) throw new StraitError(400, "scopes must contain at least one explicit permission");
    const unknown = scopes.find((scope) => !SCOPES.has(scope));
    if (unknown !== undefined) throw new StraitError(400, `unknown scope: ${JSON.stringify(unknown)}`);
    // No project here limits the lifetime of its keys.
    if (expires_in_days === undefined) {
      throw new StraitError(400, "expires_in_days is required when project max_key_lifetime_days is not configured");
    }
    return this.#context.database.transaction(() => {
      const now = this.#context.clock.now();
      this.#projects.ensure(project_id);
      return this.#insert({
        project_id,
        org_id: request.org_id || null,
        environment_id: request.environment_id || null,
        name: request.name,
        scopes_json: JSON.stringify(scopes),
        expires_at: now + expires_in_days * DAY_MS,
      });
    });
  }

  /** Newest first. */
  list(caller: Caller, query: { limit: number; cursor: Cursor | undefined }): Page<ApiKey> {
    const rows = this.#store.newest(projectOf(caller), before(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ created_at, id }) => ({ time: created_at, id }), toApiKey);
  }

  /** @throws StraitError 404 */
  revoke(caller: Caller, id: string): void {
    this.#context.database.transaction(() =>
      this.#store.revoke(this.#require(caller, id).id, this.#context.clock.now()),
    );
  }

  /**
   * Rotates a key: creates a new key with the scopes of the old one, which stays valid for a while.
   * @param graceMinutes how long the old key stays valid; 0 and less are an hour
   * @returns the new key, the old key's id and when it ends, in milliseconds since the epoch
   * @throws StraitError 400 for more than a week, 404, 409 for a revoked key
   */
  rotate(
    caller: Caller,
    id: string,
    graceMinutes: number,
  ): { old: string; grace_ends_at: number; made: CreatedApiKey } {
    if (graceMinutes > MAX_GRACE_MINUTES) {
      throw new StraitError(400, `grace_period_minutes must be <= ${MAX_GRACE_MINUTES}`);
    }
    return this.#context.database.transaction(() => {
      const { project_id, org_id, environment_id, name, scopes_json, expires_at, revoked_at } = this.#require(
        caller,
        id,
      );
      if (revoked_at !== null) throw new StraitError(409, "api key is already revoked");
      const minutes = graceMinutes > 0 ? graceMinutes : DEFAULT_GRACE_MINUTES;
      const grace_ends_at = this.#context.clock.now() + minutes * MINUTE_MS;
      this.#store.startGrace(id, grace_ends_at);
      const copied = { project_id, org_id, environment_id, scopes_json, expires_at };
      return { old: id, grace_ends_at, made: this.#insert({ ...copied, name: `${name} (rotated)` }) };
    });
  }

  /** Whether this key was created here, also when it is revoked or expired. */
  isKnown(key: string): boolean {
    return this.#store.findByHash(hashOf(key)) !== undefined;
  }

  /**
   * The caller of a request with this key.
   * @throws StraitError 401 when the key is unknown, revoked or expired
   */
  callerOf(key: string): Caller {
    const row = this.#store.findByHash(hashOf(key));
    if (row === undefined) throw new StraitError(401, "invalid api key");
    const now = this.#context.clock.now();
    if (row.revoked_at !== null) throw new StraitError(401, "api key has been revoked");
    if (row.expires_at !== null && row.expires_at <= now) throw new StraitError(401, "api key has expired");
    if (row.grace_ends_at !== null && row.grace_ends_at <= now) {
      throw new StraitError(401, "api key rotation grace period has ended");
    }
    return {
      projectId: row.project_id,
      environmentId: row.environment_id ?? undefined,
      actor: `apikey:${row.id}`,
      scopes: new Set(scopesOf(row)),
      internal: false,
    };
  }

  #insert(
    given: Pick<ApiKeyRow, "project_id" | "org_id" | "environment_id" | "name" | "scopes_json" | "expires_at">,
  ): CreatedApiKey {
    const key = KEY_MARK + randomHex(this.#context.ids, KEY_BYTES);
    const row = API_KEYS.row({
      ...given,
      id: this.#context.ids.uuid(),
      key_hash: hashOf(key),
      key_prefix: key.slice(0, PREFIX_LENGTH),
      created_at: this.#context.clock.now(),
    });
    this.#store.insert(row);
    const { id, project_id, name, key_prefix, scopes, expires_at, created_at } = toApiKey(row);
    return { id, project_id, name, key, key_prefix, scopes, expires_at, created_at };
  }

  #require(caller: Caller, id: string): ApiKeyRow {
    const row = this.#store.find(id);
    if (row === undefined || !canSee(caller, row)) throw new StraitError(404, "api key not found");
    return row;
  }
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function scopesOf(row: ApiKeyRow): string[] {
  return JSON.parse(row.scopes_json) as string[];
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return { ...API_KEYS.toFields(row), scopes: scopesOf(row) };
}
