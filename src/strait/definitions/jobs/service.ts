import { randomHex } from "../../../core/ids.ts";
import { inNextTurn } from "../../../core/node-timers.ts";
import type { StraitContext } from "../../context.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { type Caller, canSee, projectOf, projectToCreateIn } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { ProjectService } from "../projects/service.ts";
import { type JobRow, type StoredJob, toJob, withDefinition, writeDefinition } from "./job.ts";
import { checkDefinition } from "./rules.ts";
import type {
  CloneJobRequest,
  Job,
  JobDefinition,
  JobVersion,
  SetEndpointRequest,
  UpdateJobRequest,
  WholeJob,
} from "./schema.ts";
import { JobStore } from "./store.ts";
import type { JobAtStart, JobOfRun, JobVersions } from "./versions.ts";

export interface JobServiceDependencies {
  projects: ProjectService;
  runs: RunService;
  jobVersions: JobVersions;
}

const MAX_REASON_BYTES = 500;

interface JobQuery {
  slug: string | undefined;
  tag_key: string | undefined;
  tag_value: string | undefined;
  limit: number;
  cursor: Cursor | undefined;
}

/** The rules of jobs, which define what runs execute [strait 4.1]. */
export class JobService {
  readonly #context: StraitContext;
  readonly #store: JobStore;
  readonly #projects: ProjectService;
  readonly #runs: RunService;
  readonly #versions: JobVersions;

  constructor(context: StraitContext, dependencies: JobServiceDependencies) {
    this.#context = context;
    this.#store = new JobStore(context.database);
    this.#projects = dependencies.projects;
    this.#runs = dependencies.runs;
    this.#versions = dependencies.jobVersions;
  }

  /**
   * @throws StraitError 403 for another project or environment than the caller's, 400 for a rule broken, 409 for a slug
   * taken
   */
  create(caller: Caller, request: WholeJob): Job {
    const { project_id, endpoint_signing_secret, webhook_secret, ...given } = request;
    const projectId = projectToCreateIn(caller, project_id);
    checkEnvironment(caller, given.environment_id);
    // Zero is the same as absent here, but a later change can set it.
    const definition = { ...given, retry_priority_boost: given.retry_priority_boost || undefined };
    checkDefinition(definition);
    return this.#insert(caller, projectId, definition, webhook_secret || endpoint_signing_secret || null);
  }

  /** A job of any project, for the server's own use. */
  find(id: string): StoredJob | undefined {
    return stored(this.#store.find(id));
  }

  /** The job at the version of a run that executes, see `JobVersions`. */
  ofRun(run: Pick<RunRow, "job_id" | "job_version">): StoredJob | undefined {
    return this.#versions.ofRun(run);
  }

  /** The job at the version that a run would have if it began to execute now, and this version. */
  ofRunAtStart(run: JobOfRun): JobAtStart | undefined {
    return this.#versions.atStart(run);
  }

  findBySlug(projectId: string, slug: string): StoredJob | undefined {
    return stored(this.#store.findBySlug(projectId, slug));
  }

  /** All jobs of all projects, for schedules. */
  all(): StoredJob[] {
    return this.#store.all().map(withDefinition);
  }

  /** @throws StraitError 404, also for a slug and for another project's job */
  require(caller: Caller, id: string): StoredJob {
    const job = this.find(id);
    if (job === undefined || !isVisible(caller, job)) throw new StraitError(404, "job not found");
    return job;
  }

  /** @throws StraitError 404 */
  get(caller: Caller, id: string): Job {
    return toJob(this.require(caller, id));
  }

  /** Newest first. */
  list(caller: Caller, query: JobQuery): Page<Job> {
    const { slug, tag_key, tag_value, limit, cursor } = query;
    const filter = {
      project_id: projectOf(caller),
      slug: slug ?? null,
      tag_key: tag_key ?? null,
      tag_value: tag_value ?? null,
    };
    const rows = this.#store.newest(filter, before(cursor), limit + 1);
    const toItem = (row: JobRow): Job => toJob(withDefinition(row));
    return toPage(rows, limit, ({ created_at, id }) => ({ time: created_at, id }), toItem);
  }

  /**
   * Changes what is given and makes a new version.
   * @throws StraitError 404, 400, 403 for another environment than the caller's, 409 for a slug taken
   */
  update(caller: Caller, id: string, request: UpdateJobRequest): Job {
    const { endpoint_signing_secret, webhook_secret, ...changes } = request;
    return this.#context.database.transaction(() => {
      const job = this.require(caller, id);
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      const definition: JobDefinition = { ...job.definition, ...Object.fromEntries(given) };
      checkDefinition(definition);
      if (changes.environment_id !== undefined) checkEnvironment(caller, changes.environment_id);
      if (definition.slug !== job.slug) this.#requireFreeSlug(job.project_id, definition.slug);
      const secret = webhook_secret || endpoint_signing_secret || job.signing_secret;
      return this.#newVersion(caller, { ...job, signing_secret: secret }, definition);
    });
  }

  /**
   * Deletes a job with its runs, in small steps: other requests are answered in between [strait 4.1].
   * @throws StraitError 404, 409 while runs have not ended
   */
  async delete(caller: Caller, id: string): Promise<void> {
    while (this.#context.database.transaction(() => this.#deletePart(caller, id))) {
      await new Promise<void>((resolve) => inNextTurn(resolve));
    }
  }

  /** @returns whether the job still exists */
  #deletePart(caller: Caller, id: string): boolean {
    const job = this.require(caller, id);
    if (this.#runs.countUnfinished(id) > 0) {
      throw new StraitError(409, "job has active runs — cancel them first or wait for completion");
    }
    if (this.#runs.deleteOfJob(id)) return true;
    this.#store.delete(id);
    this.#context.events.emit("run:job:deleted", { id, project_id: job.project_id });
    return false;
  }

  /** Pauses a job: no run can be triggered. A paused job does not change. @throws StraitError 400 for a long reason, 404 */
  pause(caller: Caller, id: string, reason: string | undefined): Job {
    if (Buffer.byteLength(reason ?? "") > MAX_REASON_BYTES) {
      throw new StraitError(400, `reason must be ${MAX_REASON_BYTES} characters or fewer`);
    }
    return this.#context.database.transaction(() => {
      const job = this.require(caller, id);
      if (job.paused_at !== null) return toJob(job);
      return this.#save({ ...job, paused_at: this.#context.clock.now(), pause_reason: reason || null });
    });
  }

  /** @throws StraitError 404 */
  resume(caller: Caller, id: string): Job {
    return this.#context.database.transaction(() => {
      const job = this.require(caller, id);
      if (job.paused_at === null) return toJob(job);
      return this.#save({ ...job, paused_at: null, pause_reason: null });
    });
  }

  /** Creates a copy of a job, enabled and under another name. @throws StraitError 404, 400, 409 for a slug taken */
  clone(caller: Caller, id: string, { name, slug }: CloneJobRequest): Job {
    return this.#context.database.transaction(() => {
      const job = this.require(caller, id);
      if (!name || !slug) throw new StraitError(400, "name and slug are required");
      const definition = { ...job.definition, name, slug, enabled: true };
      checkDefinition(definition);
      return this.#insert(caller, job.project_id, definition, job.signing_secret);
    });
  }

  /** Sets the endpoint of a job. @returns also the new signing secret, when one was requested; it is not shown again */
  setEndpoint(caller: Caller, id: string, request: SetEndpointRequest): { job: Job; signing_secret?: string } {
    return this.#context.database.transaction(() => {
      const job = this.require(caller, id);
      const { rotate_signing_secret, ...endpoints } = request;
      const definition = { ...job.definition, ...endpoints };
      checkDefinition(definition);
      if (!rotate_signing_secret) return { job: this.#newVersion(caller, job, definition) };
      const signing_secret = `esec_${randomHex(this.#context.ids, 32)}`;
      return { job: this.#newVersion(caller, { ...job, signing_secret }, definition), signing_secret };
    });
  }

  /** The superseded versions, newest first. @throws StraitError 404 */
  versions(caller: Caller, id: string, query: { limit: number; cursor: Cursor | undefined }): Page<JobVersion> {
    return this.#versions.list(this.require(caller, id).id, query);
  }

  /** A superseded version. @throws StraitError 404, with the same message for a job that does not exist */
  version(caller: Caller, id: string, versionId: string): JobVersion {
    const job = this.find(id);
    const version = job && isVisible(caller, job) ? this.#versions.find(id, versionId) : undefined;
    if (version === undefined) throw new StraitError(404, "version not found");
    return version;
  }

  #insert(caller: Caller, projectId: string, definition: JobDefinition, signingSecret: string | null): Job {
    return this.#context.database.transaction(() => {
      this.#requireFreeSlug(projectId, definition.slug);
      this.#projects.ensure(projectId);
      const now = this.#context.clock.now();
      const row: JobRow = {
        id: this.#context.ids.uuid(),
        project_id: projectId,
        slug: definition.slug,
        version: 1,
        version_id: this.#versions.newId(),
        definition_json: writeDefinition(definition),
        signing_secret: signingSecret,
        paused_at: null,
        pause_reason: null,
        created_by: caller.actor,
        updated_by: caller.actor,
        created_at: now,
        updated_at: now,
      };
      this.#store.insert(row);
      this.#versions.remember(row);
      return this.#changed({ ...row, definition });
    });
  }

  #newVersion(caller: Caller, job: StoredJob, definition: JobDefinition): Job {
    const next: StoredJob = {
      ...job,
      definition,
      slug: definition.slug,
      definition_json: writeDefinition(definition),
      version: job.version + 1,
      version_id: this.#versions.newId(),
      updated_by: caller.actor,
      updated_at: this.#context.clock.now(),
    };
    this.#versions.remember(next);
    return this.#save(next);
  }

  #save(job: StoredJob): Job {
    this.#store.update(job);
    return this.#changed(job);
  }

  #changed(job: StoredJob): Job {
    this.#context.events.emit("run:job:changed", { job });
    return toJob(job);
  }

  #requireFreeSlug(projectId: string, slug: string): void {
    if (this.#store.findBySlug(projectId, slug) === undefined) return;
    throw new StraitError(409, `job with slug "${slug}" already exists: job slug conflict`);
  }
}

function stored(row: JobRow | undefined): StoredJob | undefined {
  return row && withDefinition(row);
}

/** @throws StraitError 403 */
function checkEnvironment({ environmentId }: Caller, environment = ""): void {
  if (environmentId === undefined || environmentId === environment) return;
  throw new StraitError(403, "environment_id does not match authenticated environment");
}

function isVisible(caller: Caller, { project_id, definition }: StoredJob): boolean {
  return canSee(caller, { project_id, environment_id: definition.environment_id ?? null });
}
