import type { StraitContext } from "../../context.ts";
import type { RunRow } from "../../run/run.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import { type JobRow, readDefinition, type StoredJob, toJobVersion, withDefinition } from "./job.ts";
import type { JobDefinition, JobVersion } from "./schema.ts";
import { JobStore } from "./store.ts";

const ID_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 12;

/** The job and version that a run names. */
export type JobOfRun = Pick<RunRow, "job_id" | "job_version" | "job_version_id">;

/** A job for a run that begins to execute, and the version that the run has from then on. */
export interface JobAtStart {
  job: StoredJob;
  version: Pick<RunRow, "job_version" | "job_version_id">;
}

/**
 * Stores a job at each of its versions, as long as the job exists, and selects the version that applies to a run
 * ([strait 4.1]; `resolveJobForRun` of the real server). A run keeps the version that it was made with, unless the
 * job's present `version_policy` moves it to the present version when it begins to execute: `latest` always, `minor`
 * when the present definition is `backwards_compatible`.
 */
export class JobVersions {
  readonly #context: StraitContext;
  readonly #store: JobStore;

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new JobStore(context.database);
  }

  /** A `version_id` for a new version: `ver_` and twelve letters [strait 0.5]. */
  newId(): string {
    const letters = [...this.#context.ids.bytes(ID_LENGTH)].map((byte) => ID_ALPHABET[byte % ID_ALPHABET.length]);
    return `ver_${letters.join("")}`;
  }

  /** Stores the job as it is now. */
  remember(row: JobRow): void {
    const { id: job_id, version, version_id, definition_json, signing_secret, updated_at } = row;
    this.#store.insertVersion({
      id: this.#context.ids.uuid(),
      job_id,
      version,
      version_id,
      definition_json,
      signing_secret,
      created_by: row.updated_by ?? row.created_by,
      created_at: updated_at,
    });
  }

  /** The superseded versions, newest first: the present one is the job itself [strait 4.8]. */
  list(jobId: string, query: { limit: number; cursor: Cursor | undefined }): Page<JobVersion> {
    const rows = this.#store.superseded(jobId, before(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ created_at, id }) => ({ time: created_at, id }), toJobVersion);
  }

  /** @param versionId the `version_id` of a superseded version */
  find(jobId: string, versionId: string): JobVersion | undefined {
    const row = this.#store.supersededById(jobId, versionId);
    return row && toJobVersion(row);
  }

  /**
   * The job at the run's version. Spawned and continued runs have version 0, which no job has: the job as it
   * is now applies to them.
   */
  ofRun({ job_id, job_version }: Pick<JobOfRun, "job_id" | "job_version">): StoredJob | undefined {
    const current = this.#store.find(job_id);
    return current && withDefinition(this.#at(current, job_version));
  }

  /** The job for a run that begins to execute now; `undefined` when it does not exist. */
  atStart(run: JobOfRun): JobAtStart | undefined {
    const current = this.#store.find(run.job_id);
    if (current === undefined) return undefined;
    const { job_version, job_version_id } = run;
    if (current.version === job_version || !movesRuns(current)) {
      return { job: withDefinition(this.#at(current, job_version)), version: { job_version, job_version_id } };
    }
    const version = { job_version: current.version, job_version_id: current.version_id };
    return { job: withDefinition(current), version };
  }

  #at(current: JobRow, version: number): JobRow {
    if (version === current.version) return current;
    const kept = this.#store.versionByNumber(current.id, version);
    if (kept === undefined) return current;
    const { version_id, definition_json, signing_secret } = kept;
    return { ...current, version, version_id, definition_json, signing_secret };
  }
}

/** Whether runs of other versions begin to execute with this one. */
function movesRuns({ definition_json }: JobRow): boolean {
  const { version_policy, backwards_compatible }: JobDefinition = readDefinition(definition_json);
  return version_policy === "latest" || (version_policy === "minor" && backwards_compatible === true);
}
