import type { StraitContext } from "../../context.ts";
import { type Caller, canSee, projectOf, projectToCreateIn } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { StoredJob } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import type { ProjectService } from "../projects/service.ts";
import { checkHeader } from "./header.ts";
import type { CreateSecretRequest, Secret } from "./schema.ts";
import { type SecretRow, SECRETS, SecretStore } from "./store.ts";

export interface SecretServiceDependencies {
  projects: ProjectService;
  jobs: JobService;
}

interface SecretQuery {
  job_id: string | undefined;
  environment: string | undefined;
  limit: number;
  cursor: Cursor | undefined;
}

/** The default environment of jobs and secrets. */
const DEFAULT_ENVIRONMENT = "production";

/**
 * The secrets of jobs, which their pushes carry as headers ([strait 5.1]; `secrets.go` of the real server). There are
 * no environments to be looked up here: any name is accepted, as by the real server when a project has none.
 */
export class SecretService {
  readonly #context: StraitContext;
  readonly #store: SecretStore;
  readonly #projects: ProjectService;
  readonly #jobs: JobService;

  constructor(context: StraitContext, dependencies: SecretServiceDependencies) {
    this.#context = context;
    this.#store = new SecretStore(context.database);
    this.#projects = dependencies.projects;
    this.#jobs = dependencies.jobs;
  }

  /**
   * Creates a secret, of a job or of the whole project.
   * @throws StraitError 403 for another project than the caller's, or another environment than the job's; 404 for an
   * unknown job, or another environment than the caller's; 400 for a value that cannot be sent as a header, where the
   * real server fails at the push; 409 when the job already has this key (compared without case), where the real server
   * answers 500
   */
  create(caller: Caller, request: CreateSecretRequest): Secret {
    const { project_id, job_id, secret_key, value } = request;
    const projectId = projectToCreateIn(caller, project_id);
    checkHeader(secret_key, value);
    const environment = environmentFor(caller, request.environment || DEFAULT_ENVIRONMENT);
    return this.#context.database.transaction(() => {
      if (job_id) this.#checkJob({ ...caller, projectId }, job_id, environment, secret_key);
      this.#projects.ensure(projectId);
      const now = this.#context.clock.now();
      const row = SECRETS.row({
        id: this.#context.ids.uuid(),
        project_id: projectId,
        job_id: job_id || null,
        environment,
        secret_key,
        value,
        created_at: now,
        updated_at: now,
      });
      this.#store.insert(row);
      return toSecret(row);
    });
  }

  /** Newest first. @throws StraitError 404 for another environment than the caller's */
  list(caller: Caller, { job_id, environment, limit, cursor }: SecretQuery): Page<Secret> {
    const wanted = environment || caller.environmentId;
    const filter = {
      project_id: projectOf(caller),
      job_id: job_id || null,
      environment: wanted ? environmentFor(caller, wanted) : null,
    };
    const rows = this.#store.newest(filter, before(cursor), limit + 1);
    return toPage(rows, limit, ({ created_at, id }) => ({ time: created_at, id }), toSecret);
  }

  /** @throws StraitError 404 */
  get(caller: Caller, id: string): Secret {
    return toSecret(this.#require(caller, id));
  }

  /** @throws StraitError 404 */
  delete(caller: Caller, id: string): void {
    this.#context.database.transaction(() => this.#store.delete(this.#require(caller, id).id));
  }

  /**
   * The secrets that the pushes of a job carry: those of the job and its environment, by key, without those of the project.
   */
  ofJob({ id, definition }: StoredJob): Array<Pick<SecretRow, "secret_key" | "value">> {
    return this.#store.ofJob(id, definition.environment_id || DEFAULT_ENVIRONMENT);
  }

  #checkJob(caller: Caller, jobId: string, environment: string, key: string): void {
    const { definition } = this.#jobs.require(caller, jobId);
    if (definition.environment_id && definition.environment_id !== environment) {
      throw new StraitError(403, "secret environment does not match job environment");
    }
    const kept = this.#store.ofKey(jobId, environment, key);
    if (kept === undefined) return;
    throw new StraitError(409, `the job has a secret "${kept.secret_key}" already: delete it first`);
  }

  #require(caller: Caller, id: string): SecretRow {
    const row = this.#store.find(id);
    if (row !== undefined && canSee(caller, { ...row, environment_id: row.environment })) return row;
    throw new StraitError(404, "secret not found");
  }
}

/** @throws StraitError 404 */
function environmentFor(caller: Caller, environment: string): string {
  if (caller.environmentId === undefined || caller.environmentId === environment) return environment;
  throw new StraitError(404, "environment not found");
}

function toSecret(row: SecretRow): Secret {
  const { created_at, updated_at, ...fields } = SECRETS.toFields(row);
  // Values are not encrypted, so there is but one version of the key.
  return { ...fields, key_version: 1, created_at, updated_at };
}
