import type { Database } from "../../../database/database.ts";
import type { JobRow, JobVersionRow } from "./job.ts";

const COLUMNS = `id, project_id, slug, version, version_id, definition_json, signing_secret, paused_at, pause_reason,
  created_by, updated_by, created_at, updated_at`;
const VERSION_COLUMNS = "id, job_id, version, version_id, definition_json, signing_secret, created_by, created_at";

/** A version enters the archive when the next one takes its place: with an id and a time of that moment. */
const SUPERSEDED = `SELECT next.id, old.job_id, old.version, old.version_id, old.definition_json, old.signing_secret,
  old.created_by, next.created_at FROM executor_job_versions old
  JOIN executor_job_versions next ON next.job_id = old.job_id AND next.version = old.version + 1
  WHERE old.job_id = :job_id`;

/** Which jobs a list shows; `null` does not filter. */
export interface JobFilter {
  project_id: string;
  slug: string | null;
  tag_key: string | null;
  tag_value: string | null;
}

/** The SQL of jobs and their versions. */
export class JobStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #findBySlug;
  readonly #newest;
  readonly #delete;
  readonly #all;
  readonly #insertVersion;
  readonly #superseded;
  readonly #supersededById;
  readonly #versionByNumber;

  constructor(database: Database) {
    this.#insert = database.prepare<[JobRow]>(
      `INSERT INTO executor_jobs (${COLUMNS}) VALUES (:id, :project_id, :slug, :version, :version_id, :definition_json,
       :signing_secret, :paused_at, :pause_reason, :created_by, :updated_by, :created_at, :updated_at)`,
    );
    this.#update = database.prepare<[JobRow]>(
      `UPDATE executor_jobs SET slug = :slug, version = :version, version_id = :version_id,
       definition_json = :definition_json, signing_secret = :signing_secret, paused_at = :paused_at,
       pause_reason = :pause_reason, updated_by = :updated_by, updated_at = :updated_at WHERE id = :id`,
    );
    this.#find = database.prepare<[string], JobRow>(`SELECT ${COLUMNS} FROM executor_jobs WHERE id = ?`);
    this.#findBySlug = database.prepare<[string, string], JobRow>(
      `SELECT ${COLUMNS} FROM executor_jobs WHERE project_id = ? AND slug = ?`,
    );
    this.#newest = database.prepare<[JobFilter & { time: number; id: string; limit: number }], JobRow>(
      `SELECT ${COLUMNS} FROM executor_jobs WHERE project_id = :project_id AND (:slug IS NULL OR slug = :slug)
       AND (:tag_key IS NULL OR EXISTS (SELECT 1 FROM json_each(definition_json, '$.tags')
            WHERE key = :tag_key AND (:tag_value IS NULL OR value = :tag_value)))
       AND (created_at, id) < (:time, :id) ORDER BY created_at DESC, id DESC LIMIT :limit`,
    );
    this.#delete = database.prepare<[string]>("DELETE FROM executor_jobs WHERE id = ?");
    this.#all = database.prepare<[], JobRow>(`SELECT ${COLUMNS} FROM executor_jobs ORDER BY created_at, id`);
    this.#insertVersion = database.prepare<[JobVersionRow]>(
      `INSERT INTO executor_job_versions (${VERSION_COLUMNS})
       VALUES (:id, :job_id, :version, :version_id, :definition_json, :signing_secret, :created_by, :created_at)`,
    );
    this.#superseded = database.prepare<[{ job_id: string; time: number; id: string; limit: number }], JobVersionRow>(
      `${SUPERSEDED} AND (next.created_at, next.id) < (:time, :id)
       ORDER BY next.created_at DESC, next.id DESC LIMIT :limit`,
    );
    this.#supersededById = database.prepare<[{ job_id: string; version_id: string }], JobVersionRow>(
      `${SUPERSEDED} AND old.version_id = :version_id`,
    );
    this.#versionByNumber = database.prepare<[string, number], JobVersionRow>(
      `SELECT ${VERSION_COLUMNS} FROM executor_job_versions WHERE job_id = ? AND version = ?`,
    );
  }

  insert(row: JobRow): void {
    this.#insert.run(pick(row));
  }

  update(row: JobRow): void {
    this.#update.run(pick(row));
  }

  find(id: string): JobRow | undefined {
    return this.#find.get(id);
  }

  findBySlug(projectId: string, slug: string): JobRow | undefined {
    return this.#findBySlug.get(projectId, slug);
  }

  /** Newest first. */
  newest(filter: JobFilter, bounds: { time: number; id: string }, limit: number): JobRow[] {
    return this.#newest.all({ ...filter, ...bounds, limit });
  }

  /** Of all projects, oldest first. */
  all(): JobRow[] {
    return this.#all.all();
  }

  delete(id: string): void {
    this.#delete.run(id);
  }

  insertVersion(row: JobVersionRow): void {
    this.#insertVersion.run(row);
  }

  /** Versions that another one has taken the place of, newest first. */
  superseded(jobId: string, bounds: { time: number; id: string }, limit: number): JobVersionRow[] {
    return this.#superseded.all({ job_id: jobId, ...bounds, limit });
  }

  /** @param versionId the `version_id` of a version that another one has taken the place of */
  supersededById(jobId: string, versionId: string): JobVersionRow | undefined {
    return this.#supersededById.get({ job_id: jobId, version_id: versionId });
  }

  /** @param version counted from 1 */
  versionByNumber(jobId: string, version: number): JobVersionRow | undefined {
    return this.#versionByNumber.get(jobId, version);
  }
}

/** Only the columns: the driver takes no values that a statement does not name as plain ones. */
function pick(row: JobRow): JobRow {
  const { id, project_id, slug, version, version_id, definition_json, signing_secret } = row;
  const { paused_at, pause_reason, created_by, updated_by, created_at, updated_at } = row;
  const identity = { id, project_id, slug, version, version_id, definition_json, signing_secret };
  return { ...identity, paused_at, pause_reason, created_by, updated_by, created_at, updated_at };
}
