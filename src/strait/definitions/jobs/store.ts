import type { Database } from "../../../database/database.ts";
import { type Order, Search } from "../../../database/search.ts";
import { equals, type Sql, sql } from "../../../database/sql.ts";
import { type JobRow, type JobVersionRow, JOB_VERSIONS, JOBS } from "./job.ts";

/** A version is archived when the next one replaces it, with an id and the time of that moment. */
const SUPERSEDED = `SELECT next.id, old.job_id, old.version, old.version_id, old.definition_json, old.signing_secret,
  old.created_by, next.created_at FROM executor_job_versions old
  JOIN executor_job_versions next ON next.job_id = old.job_id AND next.version = old.version + 1
  WHERE old.job_id = +:job_id`;

/** Which jobs a list shows; `null` does not filter. */
export interface JobFilter {
  project_id: string;
  slug: string | null;
  tag_key: string | null;
  tag_value: string | null;
}

const NEWEST: Order = { columns: ["created_at", "id"], descending: true };

/** The SQL of jobs and their versions. */
export class JobStore {
  readonly #insert;
  readonly #update;
  readonly #find;
  readonly #findBySlug;
  readonly #search: Search<JobRow>;
  readonly #delete;
  readonly #all;
  readonly #insertVersion;
  readonly #superseded;
  readonly #supersededById;
  readonly #versionByNumber;
  /** By id. */
  readonly #rows;

  constructor(database: Database) {
    this.#rows = database.memory<JobRow>("executor_jobs");
    this.#insert = JOBS.insert(database);
    this.#update = JOBS.update(database);
    this.#find = database.prepare<[string], JobRow>(`SELECT ${JOBS.list} FROM executor_jobs WHERE id = ?`);
    this.#findBySlug = database.prepare<[string, string], JobRow>(
      `SELECT ${JOBS.list} FROM executor_jobs WHERE project_id = ? AND slug = ?`,
    );
    this.#search = new Search(database, JOBS.list, JOBS.name);
    this.#delete = database.prepare<[string]>("DELETE FROM executor_jobs WHERE id = ?");
    this.#all = database.prepare<[], JobRow>(`SELECT ${JOBS.list} FROM executor_jobs ORDER BY created_at, id`);
    this.#insertVersion = JOB_VERSIONS.insert(database);
    this.#superseded = database.prepare<[{ job_id: string; time: number; id: string; limit: number }], JobVersionRow>(
      `${SUPERSEDED} AND (next.created_at, next.id) < (:time, :id)
       ORDER BY next.created_at DESC, next.id DESC LIMIT +:limit`,
    );
    this.#supersededById = database.prepare<[{ job_id: string; version_id: string }], JobVersionRow>(
      `${SUPERSEDED} AND old.version_id = :version_id`,
    );
    this.#versionByNumber = database.prepare<[string, number], JobVersionRow>(
      `SELECT ${JOB_VERSIONS.list} FROM executor_job_versions WHERE job_id = ? AND version = ?`,
    );
  }

  insert(row: JobRow): void {
    this.#insert.run(row);
  }

  update(row: JobRow): void {
    this.#rows.drop(row.id);
    this.#update.run(row);
  }

  find(id: string): JobRow | undefined {
    return this.#rows.get(id, () => this.#find.get(id));
  }

  findBySlug(projectId: string, slug: string): JobRow | undefined {
    return this.#findBySlug.get(projectId, slug);
  }

  /** Newest first. */
  newest(filter: JobFilter, bounds: { time: number; id: string }, limit: number): JobRow[] {
    return this.#search.page({
      where: [equals("project_id", filter.project_id), equals("slug", filter.slug), hasTag(filter)],
      order: NEWEST,
      after: [bounds.time, bounds.id],
      limit,
    });
  }

  /** Of all projects, oldest first. */
  all(): JobRow[] {
    return this.#all.all();
  }

  delete(id: string): void {
    this.#rows.drop(id);
    this.#delete.run(id);
  }

  insertVersion(row: JobVersionRow): void {
    this.#insertVersion.run(row);
  }

  /** Superseded versions, newest first. */
  superseded(jobId: string, bounds: { time: number; id: string }, limit: number): JobVersionRow[] {
    return this.#superseded.all({ job_id: jobId, ...bounds, limit });
  }

  /** @param versionId the `version_id` of a superseded version */
  supersededById(jobId: string, versionId: string): JobVersionRow | undefined {
    return this.#supersededById.get({ job_id: jobId, version_id: versionId });
  }

  /** @param version counted from 1 */
  versionByNumber(jobId: string, version: number): JobVersionRow | undefined {
    return this.#versionByNumber.get(jobId, version);
  }
}

function hasTag({ tag_key, tag_value }: JobFilter): Sql | undefined {
  if (tag_key === null) return undefined;
  const ofKey = sql`SELECT 1 FROM json_each(definition_json, '$.tags') WHERE key = ${tag_key}`;
  return tag_value === null ? sql`EXISTS (${ofKey})` : sql`EXISTS (${ofKey} AND value = ${tag_value})`;
}
