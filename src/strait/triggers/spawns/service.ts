import type { Background } from "../../../core/background.ts";
import { RawJson } from "../../../core/json.ts";
import type { ApiKeyService } from "../../access/api-keys/service.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { StraitContext } from "../../context.ts";
import { placeOf, type StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { isTerminal } from "../../run/state-machine.ts";
import { waitSeconds } from "../../waits/rules.ts";
import { CHILD_KEY_PREFIX, type Waits } from "../../waits/waits.ts";
import { type Caller, canSee } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import type { Spawned, SpawnRequest } from "./schema.ts";

export interface SpawnServiceDependencies {
  apiKeys: ApiKeyService;
  jobs: JobService;
  runs: RunService;
  waits: Waits;
}

/** Creates child runs, whose end the parent may wait for [strait 2.10]. */
export class SpawnService implements Background {
  readonly #context: StraitContext;
  readonly #apiKeys: ApiKeyService;
  readonly #jobs: JobService;
  readonly #runs: RunService;
  readonly #waits: Waits;

  constructor(context: StraitContext, dependencies: SpawnServiceDependencies) {
    this.#context = context;
    this.#apiKeys = dependencies.apiKeys;
    this.#jobs = dependencies.jobs;
    this.#runs = dependencies.runs;
    this.#waits = dependencies.waits;
  }

  /**
   * Creates a run of another job as a child of the current run. With `await_completion` the current run waits for its end.
   * @throws StraitError 400, 401 or 403 for another project without a key for it, 404 for an unknown job, 429 when
   * too many runs wait in its project
   */
  spawn(holder: TokenHolder, request: SpawnRequest): Spawned {
    const timeoutSeconds = waitSeconds(request.await_timeout_secs, "await_timeout_secs");
    return this.#context.database.transaction(() => {
      const parent = this.#runs.requireActive(holder.runId, holder.attempt);
      const job = this.#jobFor(parent, request);
      this.#runs.requireQueueBelowLimit(job.project_id, "enqueue_throttled");
      const child = this.#runs.create({
        ...placeOf(job),
        triggered_by: "spawn",
        payload_json: request.payload?.text ?? null,
        priority: request.priority ?? 0,
        parent_run_id: parent.id,
      });
      const { id, job_id, project_id, status, triggered_by } = child;
      const spawned = { id, job_id, parent_run_id: parent.id, project_id, status, triggered_by };
      if (!request.await_completion) return spawned;
      const key = CHILD_KEY_PREFIX + id;
      this.#waits.begin(parent, { key, timeoutSeconds });
      return { await_completion: true, await_event_key: key, ...spawned };
    });
  }

  /** Continues the parents of children that have ended while the server was down. */
  start(): void {
    for (const { event_key } of this.#waits.forChildren()) {
      const child = this.#runs.find(event_key.slice(CHILD_KEY_PREFIX.length));
      if (child !== undefined) this.follow(child);
    }
  }

  /** Continues the parent of a run that has ended, if it waits for it. */
  follow(child: RunRow): void {
    if (!isTerminal(child.status) || child.parent_run_id === null) return;
    const parent = this.#runs.find(child.parent_run_id);
    const wait = parent && this.#waits.find(parent.project_id, CHILD_KEY_PREFIX + child.id);
    if (wait?.status === "waiting") this.#waits.receive(wait, outcomeOf(child), "internal");
  }

  #jobFor(parent: RunRow, request: SpawnRequest): StoredJob {
    const projectId = request.project_id ?? parent.project_id;
    const caller = projectId === parent.project_id ? undefined : this.#callerOf(request.target_api_key, projectId);
    const { job_slug, job_id } = request;
    if (job_slug === undefined && job_id === undefined) {
      throw new StraitError(422, "validation failed", { details: ["job_slug: failed on 'required'"] });
    }
    const job = job_slug === undefined ? this.#jobs.find(job_id ?? "") : this.#jobs.findBySlug(projectId, job_slug);
    if (job === undefined || job.project_id !== projectId || !isVisible(job, caller)) {
      throw new StraitError(404, "job not found");
    }
    return job;
  }

  /** Authenticates the API key for another project. */
  #callerOf(key: string | undefined, projectId: string): Caller {
    if (key === undefined) throw new StraitError(400, "target_api_key is required for cross-project spawn");
    const caller = this.#keyHolder(key);
    if (caller.projectId !== projectId) {
      throw new StraitError(403, "target api key does not belong to the specified project");
    }
    const scopes = caller.scopes ?? new Set();
    const mayTrigger = scopes.size === 0 || scopes.has("*") || scopes.has("jobs:trigger");
    if (!mayTrigger) throw new StraitError(403, "target api key cannot trigger jobs");
    return caller;
  }

  #keyHolder(key: string): Caller {
    try {
      return this.#apiKeys.callerOf(key);
    } catch (error) {
      if (!(error instanceof StraitError)) throw error;
      // `invalid api key`, `api key has been revoked`, `api key has expired`, all said of the target's.
      throw new StraitError(error.status, error.message.replace("api key", "target api key"));
    }
  }
}

function isVisible(job: StoredJob, caller: Caller | undefined): boolean {
  const { project_id, definition } = job;
  return caller === undefined || canSee(caller, { project_id, environment_id: definition.environment_id ?? null });
}

/** The payload with which the parent of an ended child continues. */
function outcomeOf(child: RunRow): RawJson {
  const { id, status, result_json, error } = child;
  return RawJson.of({ run_id: id, status, result: result_json === null ? undefined : new RawJson(result_json), error });
}
