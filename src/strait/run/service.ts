import type { StraitContext } from "../context.ts";
import type { JobVersions } from "../definitions/jobs/versions.ts";
import type { StraitChanges } from "../events.ts";
import { type Caller, canSee } from "../wire/caller.ts";
import { StraitError } from "../wire/errors.ts";
import { type NewRun, type RunChange, type RunRow, RUNS } from "./run.ts";
import { canMove, isTerminal, type RunStatus } from "./state-machine.ts";
import { type RunCount, RunStore } from "./store.ts";

/**
 * The fields of a status event besides the row: `reported` when the run's executor has reported the status
 * by a request, and the run's `job` at the version that it has after the change, if that was read.
 */
export type TransitionCause = Pick<StraitChanges["run:status:changed"], "reported" | "job">;

export interface RunServiceDependencies {
  jobVersions: JobVersions;
}

/** Creates and finds runs and changes their status. All other run services use it. */
export class RunService {
  readonly #context: StraitContext;
  readonly #store: RunStore;
  readonly #maxQueued: number;
  readonly #jobVersions: JobVersions;
  readonly #endListeners: Array<(run: RunRow) => void> = [];
  /** Id of the run that was written last. */
  #written: string | undefined;

  constructor(context: StraitContext, dependencies: RunServiceDependencies) {
    this.#context = context;
    this.#store = new RunStore(context.database);
    this.#maxQueued = context.config.maxQueuedRunsPerProject;
    this.#jobVersions = dependencies.jobVersions;
  }

  /**
   * Calls `listener` whenever a run ends, in the transaction in which it ends: its consequences are as safe from
   * crashes as the end itself.
   */
  onEnd(listener: (run: RunRow) => void): void {
    this.#endListeners.push(listener);
  }

  /** Creates a run, by default `queued` and on its first attempt. */
  create(given: NewRun): RunRow {
    return this.#context.database.transaction(() => {
      const run = RUNS.row({ ...given, id: this.#context.ids.uuid(), created_at: this.#context.clock.now() });
      this.#store.insert(run);
      this.#context.events.emit("run:created", { run });
      return run;
    });
  }

  /** A run of any project, for the server's own use. */
  find(id: string): RunRow | undefined {
    return this.#store.find(id);
  }

  /** @throws StraitError 404, also for another project's run */
  require(caller: Caller, id: string): RunRow {
    const run = this.#store.find(id);
    if (run === undefined || !canSee(caller, run)) throw new StraitError(404, "run not found");
    return run;
  }

  /**
   * The only place where a run's status changes. Times and bookkeeping that belong to the new status are
   * set here; `change` adds other fields and overrides these.
   * @param change also names the version of the job for a run that begins to execute, if that was read
   * @returns the run as it is now
   * @throws StraitError 409 when the table of transitions does not allow it
   */
  transition(run: RunRow, to: RunStatus, change: RunChange = {}, cause: TransitionCause = {}): RunRow {
    return this.#context.database.transaction(() => {
      if (!canMove(run.status, to)) {
        throw new StraitError(409, `invalid status transition from ${run.status} to ${to}`);
      }
      const next: RunRow = { ...run, ...this.#changeOf(run, to, change), ...change, status: to };
      this.#write(next);
      if (to !== run.status) this.#emitChange(next, run.status, cause);
      if (to !== run.status && isTerminal(to)) for (const listener of this.#endListeners) listener(next);
      return next;
    });
  }

  /** Changes a run that stays in its status. */
  update(run: RunRow, change: RunChange): RunRow {
    const next = { ...run, ...change };
    this.#write(next);
    return next;
  }

  /** Runs that are assigned and that no worker has acknowledged, oldest first. */
  unacknowledged(): RunRow[] {
    return this.#store.unacknowledged();
  }

  /** Acknowledges the assignments of these runs. */
  acknowledge(ids: readonly string[]): void {
    this.#store.acknowledge(ids);
  }

  /**
   * Checks that a run token of this attempt is still valid for its run ([strait 1.1]; checks 6 to 9).
   * @param assignmentId the assignment that the token was created for, if it has one
   * @throws StraitError 404 unknown run, 410 ended run, 401 stale attempt or assignment
   */
  requireCurrent(id: string, attempt: number, assignmentId?: string): RunRow {
    const run = this.#store.find(id);
    if (run === undefined) throw new StraitError(404, "run not found");
    if (isTerminal(run.status)) throw new StraitError(410, "run has reached a terminal state");
    if (run.attempt !== attempt) throw new StraitError(401, "run token attempt is stale");
    if (assignmentId !== undefined) requireAssignment(run, assignmentId);
    return run;
  }

  /**
   * Finds the run of a token. A worker's run that was not assigned yet starts here: the client that has its token from
   * the trigger's answer is its executor.
   * @throws StraitError as `requireCurrent`
   */
  speakFor(id: string, attempt: number): RunRow {
    const run = this.requireCurrent(id, attempt);
    const unfetched = run.status === "queued" && run.execution_mode === "worker";
    return unfetched ? this.transition(run, "executing") : run;
  }

  /**
   * The active guard [strait 2.0]: the check before every change by an executor. It needs the
   * open transaction of the change; `whileActive` opens one.
   * @returns the run, `executing` or `waiting`
   * @throws StraitError as `requireCurrent`, and 409 when the run is not active
   */
  requireActive(id: string, attempt: number): RunRow {
    this.#context.database.requireTransaction();
    const run = this.speakFor(id, attempt);
    if (run.status === "executing" || run.status === "waiting") return run;
    throw new StraitError(409, "run is not active for this SDK token");
  }

  /**
   * Runs an executor's change of its run, after the active guard and in one transaction with it. A worker that
   * reports on a run acknowledges it: when `work` writes the run, the same write clears the mark.
   */
  whileActive<Result>(
    { runId, attempt, assignmentId }: { runId: string; attempt: number; assignmentId?: string | undefined },
    work: (run: RunRow) => Result,
  ): Result {
    return this.#context.database.transaction(() => {
      const run = this.requireActive(runId, attempt);
      if (run.unacknowledged === 0 || assignmentId === undefined) return work(run);
      this.#written = undefined;
      const result = work({ ...run, unacknowledged: 0 });
      if (this.#written !== runId) this.#store.acknowledge([runId]);
      return result;
    });
  }

  /**
   * Changes the start time of a run that has not started. The table of transitions has no way back from `queued` to
   * `delayed`; the real server's reschedule goes around it too [strait 4.4].
   * @param status `delayed` until its time has come, `queued` for a time that is over
   */
  putOff(run: RunRow, status: "delayed" | "queued", change: RunChange & { scheduled_at: number }): RunRow {
    return this.#context.database.transaction(() => {
      const next: RunRow = { ...run, ...change, status };
      this.#store.update(next);
      if (run.status === status) this.#context.events.emit("run:rescheduled", { run: next });
      else this.#emitChange(next, run.status);
      return next;
    });
  }

  /** Ids of a job's runs that have not ended, oldest first. */
  unfinishedOf(jobId: string): string[] {
    return this.#store.unfinishedOf(jobId);
  }

  /** The runs spawned by a run that have not ended. */
  unfinishedChildren(parentId: string): RunRow[] {
    return this.#store.unfinishedChildren(parentId);
  }

  /** The job's newest run with this idempotency key. */
  findByIdempotencyKey(jobId: string, key: string): RunRow | undefined {
    return this.#store.byKey(jobId, key);
  }

  /** The job's newest run with this payload that was made after `since`. */
  findByPayload(jobId: string, payloadHash: string, since: number): RunRow | undefined {
    return this.#store.byPayload(jobId, payloadHash, since);
  }

  /** How many runs of a job were made after `since`. */
  countCreatedSince(jobId: string, since: number): number {
    return this.#store.countCreatedSince(jobId, since);
  }

  /**
   * Checks the limit of a project's queue, which the real server has for projects with a quota.
   * @param code of the error; default that of its status
   * @throws StraitError 429 when no more runs may wait
   */
  requireQueueBelowLimit(projectId: string, code?: string): void {
    if (!this.isQueueFull(projectId)) return;
    throw new StraitError(429, "project queued quota exceeded", code === undefined ? {} : { code });
  }

  /** Whether no more runs of a project may wait. */
  isQueueFull(projectId: string): boolean {
    return this.#store.countToStart(projectId) >= this.#maxQueued;
  }

  /** The number of runs of each job in each status. */
  countByStatus(): RunCount[] {
    return this.#store.countByStatus();
  }

  /** How many runs of a job have not ended. */
  countUnfinished(jobId: string): number {
    return this.#store.countUnfinished(jobId);
  }

  /**
   * Deletes runs that ended before a time, in milliseconds since the epoch, with all that belongs to them; at most a
   * slice of the oldest, so that requests are not blocked.
   * @returns whether there may be more to delete
   */
  deleteEnded(before: number): boolean {
    return this.#store.deleteEnded(before);
  }

  /**
   * Lets each run that has not started yet expire later: the time for which the computer was asleep does not count,
   * because nothing could start the run then.
   */
  postponeExpiries(byMs: number): void {
    this.#store.postponeExpiries(byMs);
  }

  /** Deletes some runs of a job, which have all ended. @returns whether there were any */
  deleteOfJob(jobId: string): boolean {
    return this.#store.deleteOfJob(jobId) > 0;
  }

  #changeOf(run: RunRow, to: RunStatus, { job_version }: RunChange): RunChange {
    const now = this.#context.clock.now();
    if (to === run.status) return {};
    if (isTerminal(to)) return { finished_at: now, next_retry_at: null, assignment_id: null, unacknowledged: 0 };
    if (to === "executing" && run.status !== "waiting") {
      const version = job_version === undefined ? this.#jobVersions.atStart(run)?.version : undefined;
      return { started_at: now, heartbeat_at: null, next_retry_at: null, ...version };
    }
    if (to === "queued" || to === "replay_staged") {
      return { finished_at: null, assignment_id: null, unacknowledged: 0 };
    }
    return { unacknowledged: 0 };
  }

  #emitChange(run: RunRow, from: RunStatus, cause: TransitionCause = {}): void {
    this.#context.events.emit("run:status:changed", { run, from, ...cause });
  }

  #write(run: RunRow): void {
    this.#store.update(run);
    this.#written = run.id;
  }
}

function requireAssignment(run: RunRow, assignmentId: string): void {
  if (run.assignment_id === null) throw new StraitError(401, "run assignment not found");
  if (run.assignment_id !== assignmentId) throw new StraitError(401, "run token assignment mismatch");
  if (run.status !== "executing" && run.status !== "waiting" && run.status !== "dequeued") {
    throw new StraitError(401, "run assignment is no longer active");
  }
}
