import type { StraitContext } from "../../context.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { RunList } from "../../run/list.ts";
import { toStoredRun } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { type Caller, projectOf } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import type {
  BulkCanceled,
  BulkDeadLetterRequest,
  BulkDeadLettersReplayed,
  BulkReplayed,
  CancelAllRequest,
} from "./schema.ts";
import type { CancelReasons, ControlService } from "./service.ts";

const MAX_CANCELED = 100;
const MAX_DEAD_LETTERS = 500;
const DEFAULT_DEAD_LETTERS = 100;

/** The errors of runs that are canceled by their ids, and by a filter (`bulk_cancel_runs.go`, `runs.go`). */
const CANCELED_BY_ID: CancelReasons = { run: "canceled by user (bulk)", children: "parent run canceled (bulk)" };
const CANCELED_BY_FILTER: CancelReasons = { ...CANCELED_BY_ID, run: "canceled by user (bulk filter)" };

export interface BulkControlDependencies {
  control: ControlService;
  runs: RunService;
  jobs: JobService;
  list: RunList;
}

/** Control of many runs in one request; a run that fails does not stop the others [strait 4.4]. */
export class BulkControl {
  readonly #context: StraitContext;
  readonly #control: ControlService;
  readonly #runs: RunService;
  readonly #jobs: JobService;
  readonly #list: RunList;

  constructor(context: StraitContext, dependencies: BulkControlDependencies) {
    this.#context = context;
    this.#jobs = dependencies.jobs;
    this.#control = dependencies.control;
    this.#runs = dependencies.runs;
    this.#list = dependencies.list;
  }

  /**
   * @param ids an id that is repeated is canceled once and counted each time
   * @returns the failures first
   * @throws StraitError 400 for more than 100
   */
  cancel(caller: Caller, ids: readonly string[]): BulkCanceled {
    if (ids.length > MAX_CANCELED) {
      throw new StraitError(400, `maximum ${MAX_CANCELED} run IDs per bulk cancel request`);
    }
    return this.#context.database.transaction(() => {
      const outcomes = new Map([...new Set(ids)].map((id) => [id, this.#cancelOne(caller, id)]));
      const results = ids.flatMap((id) => outcomes.get(id) ?? []);
      const failed = results.filter((result) => result.error !== undefined);
      const canceled = results.filter((result) => result.error === undefined);
      return {
        results: [...failed, ...canceled],
        total: results.length,
        canceled: canceled.length,
        failed: failed.length,
      };
    });
  }

  /**
   * Cancels the runs of the project that match and have not started.
   * @returns their ids, oldest first
   * @throws StraitError 400 without a filter; for a key of one environment 403 without a job, 404 for another's job
   */
  cancelAll(caller: Caller, request: CancelAllRequest): string[] {
    if (!Object.values(request).some(Boolean)) throw new StraitError(400, "at least one filter is required");
    if (caller.environmentId !== undefined) this.#requireJobOfEnvironment(caller, request.job_id);
    return this.#context.database.transaction(() =>
      this.#list.idsToStart(projectOf(caller), request).filter((id) => {
        const outcome = this.#attempt(() => this.#control.cancel(caller, id, CANCELED_BY_FILTER));
        return !("error" in outcome);
      }),
    );
  }

  replay(caller: Caller, ids: readonly string[]): BulkReplayed {
    return this.#context.database.transaction(() => {
      const results = ids.map((original_run_id) => {
        const outcome = this.#attempt(() => this.#control.replay(caller, original_run_id, undefined));
        if (!("error" in outcome)) {
          return { original_run_id, new_run_id: outcome.value.id, status: "replayed" as const };
        }
        const { reason, message } = outcome.error;
        const status = reason === "not-replayable" ? ("skipped" as const) : ("failed" as const);
        const error = reason === "job-unavailable" ? "job not found or disabled" : message;
        return { original_run_id, status, error };
      });
      return {
        replayed: results.filter(({ status }) => status === "replayed").length,
        results,
        total: results.length,
      };
    });
  }

  /**
   * Queues dead letters again: those that are named, or the oldest of a project. Other runs among the named are ignored.
   * @throws StraitError 422 unless either runs or a project are named, 403 for another project than the caller's, 404
   * for a run that does not exist, 409 when none is a dead letter
   */
  replayDeadLetters(caller: Caller, request: BulkDeadLetterRequest): BulkDeadLettersReplayed {
    return this.#context.database.transaction(() => {
      const replayed = this.#deadLettersOf(caller, request).flatMap((id) => {
        const outcome = this.#attempt(() => this.#control.replayDeadLetter(caller, id));
        return "error" in outcome ? [] : [toStoredRun(outcome.value)];
      });
      if (replayed.length === 0) throw new StraitError(409, "no dead_letter runs available for replay");
      return { count: replayed.length, replayed };
    });
  }

  #deadLettersOf(caller: Caller, { run_ids, project_id, limit }: BulkDeadLetterRequest): readonly string[] {
    const ids = run_ids ?? [];
    if (ids.length > 0 === Boolean(project_id)) throw new StraitError(422, "provide either run_ids or project_id");
    if (ids.length > MAX_DEAD_LETTERS) throw new StraitError(422, `too many run_ids (max ${MAX_DEAD_LETTERS})`);
    if (ids.length > 0) return ids.map((id) => this.#runs.require(caller, id).id);
    if (project_id !== projectOf(caller)) throw new StraitError(403, "project access denied");
    const most = limit === undefined || limit <= 0 ? DEFAULT_DEAD_LETTERS : limit;
    if (most > MAX_DEAD_LETTERS) throw new StraitError(422, `limit must be <= ${MAX_DEAD_LETTERS}`);
    return this.#list.deadLetterIds(projectOf(caller), most);
  }

  #requireJobOfEnvironment(caller: Caller, jobId: string | undefined): void {
    if (!jobId) throw new StraitError(403, "environment-scoped bulk cancellation requires a job_id filter");
    this.#jobs.require(caller, jobId);
  }

  #cancelOne(caller: Caller, id: string): BulkCanceled["results"][number] {
    const outcome = this.#attempt(() => this.#control.cancel(caller, id, CANCELED_BY_ID));
    if (!("error" in outcome)) return { id, status: outcome.value.status };
    const { status, message: error } = outcome.error;
    // A run that the caller may not see is not mentioned.
    return { id, status: status === 404 ? "failed" : (this.#runs.find(id)?.status ?? "failed"), error };
  }

  /** Runs the work for one item of many; the changes of a refused item are undone. */
  #attempt<Value>(work: () => Value): { value: Value } | { error: StraitError } {
    try {
      return { value: this.#context.database.attempt(work) };
    } catch (error) {
      if (error instanceof StraitError) return { error };
      throw error;
    }
  }
}
