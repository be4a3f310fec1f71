import { canonicalJson } from "../../../core/canonical-json.ts";
import type { StraitContext } from "../../context.ts";
import { placeOf, type StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { CheckpointService } from "../../records/checkpoints/service.ts";
import type { AttemptHistory } from "../../run/attempts/service.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { isTerminal, type RunStatus } from "../../run/state-machine.ts";
import { expiryOf } from "../../triggers/trigger/plan.ts";
import type { Caller } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import type { RescheduleRequest } from "./schema.ts";

export interface ControlServiceDependencies {
  runs: RunService;
  attemptHistory: AttemptHistory;
  jobs: JobService;
  checkpoints: CheckpointService;
}

const REPLAYABLE: ReadonlySet<RunStatus> = new Set(["failed", "timed_out", "crashed", "system_failed"]);
/** The statuses of runs that keep their idempotency key. */
const AT_WORK: ReadonlySet<RunStatus> = new Set(["dequeued", "executing", "waiting"]);
const MAX_DEPTH = 20;

/** The errors that a cancellation leaves in a run and in its children. */
export interface CancelReasons {
  run: string;
  children: string;
}

const CANCELED_BY_USER: CancelReasons = { run: "canceled by user", children: "parent run canceled" };

/** Operations of a run's owner: cancel, replay, pause and others [strait 4.4]. */
export class ControlService {
  readonly #context: StraitContext;
  readonly #dependencies: ControlServiceDependencies;

  constructor(context: StraitContext, dependencies: ControlServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /**
   * Cancels a run and, down to depth 20, the runs it has spawned.
   * @param reasons the error of the run and that of its children, which differ in the bulk routes
   * @throws StraitError 404, 400 when it has ended
   */
  cancel(caller: Caller, id: string, reasons: CancelReasons = CANCELED_BY_USER): RunRow {
    return this.#context.database.transaction(() => {
      const run = this.#dependencies.runs.require(caller, id);
      if (isTerminal(run.status)) throw new StraitError(400, "run already in terminal state");
      const canceled = this.#dependencies.runs.transition(run, "canceled", { error: reasons.run });
      this.#cancelChildren(run.id, reasons.children, MAX_DEPTH);
      return canceled;
    });
  }

  /**
   * Replays a run that did not succeed: creates a new one, of the job as it is now. It has no metadata, as on the real server
   * [strait 4.4].
   * @param fromCheckpoint the sequence of the checkpoint whose state becomes the payload, as the query has it
   * @throws StraitError 404, 400 for a run that cannot be replayed, then for a sequence that is no positive integer
   */
  replay(caller: Caller, id: string, fromCheckpoint: string | undefined): RunRow {
    const { database, clock, config } = this.#context;
    const { runs, checkpoints } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      if (!REPLAYABLE.has(run.status)) {
        throw new StraitError(400, "run is not replayable", { reason: "not-replayable" });
      }
      const job = this.#jobOf(run);
      if (job.definition.enabled === false) {
        throw new StraitError(400, "job is disabled", { reason: "job-unavailable" });
      }
      const sequence = fromCheckpoint === undefined ? undefined : readSequence(fromCheckpoint);
      const checkpoint = sequence === undefined ? undefined : checkpoints.find(run.id, sequence);
      if (sequence !== undefined && checkpoint === undefined) throw new StraitError(404, "checkpoint not found");
      const { payload_hash, tags_json, priority } = run;
      return runs.create({
        ...placeOf(job),
        ...{ tags_json, priority },
        triggered_by: "manual",
        payload_json: checkpoint?.state.text ?? run.payload_json,
        payload_hash: checkpoint === undefined ? payload_hash : null,
        concurrency_key: run.concurrency_key,
        job_version: job.version,
        job_version_id: job.version_id,
        debug_mode: checkpoint === undefined ? 0 : 1,
        expires_at: expiryOf(job, clock.now(), undefined, config.runDefaultTtlSeconds),
        replayed_run_id: run.id,
        created_by: caller.actor,
      });
    });
  }

  /**
   * Brings a run back from the dead letter queue, on its first attempt. @throws StraitError 404 also for its job, 409
   */
  replayDeadLetter(caller: Caller, id: string): RunRow {
    const { database, clock, config } = this.#context;
    const { runs, attemptHistory } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      if (run.status !== "dead_letter") throw new StraitError(409, "run is not in dead_letter status");
      const expires_at = expiryOf(this.#jobOf(run), clock.now(), undefined, config.runDefaultTtlSeconds);
      const { error, error_class } = run;
      attemptHistory.append(run, { status: "dead_letter", error, error_class });
      return runs.transition(run, "queued", { ...FRESH, expires_at });
    });
  }

  /** @throws StraitError 404, 400 unless it executes or is paused already */
  pause(caller: Caller, id: string): RunRow {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      if (run.status === "paused") return run;
      if (run.status !== "executing") throw new StraitError(400, "run must be in executing state to pause");
      return runs.transition(run, "paused");
    });
  }

  /** Queues a paused run again. @throws StraitError 404, 400 */
  resume(caller: Caller, id: string): RunRow {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      if (run.status !== "paused") throw new StraitError(400, "run is not paused");
      return runs.transition(run, "queued");
    });
  }

  /** Restarts a run: queues it again, in the same attempt. @throws StraitError 404, 400 */
  restart(caller: Caller, id: string): RunRow {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      if (run.status !== "executing" && run.status !== "paused") {
        throw new StraitError(400, "run must be executing or paused to restart");
      }
      return runs.transition(run, "queued");
    });
  }

  /** Changes the time of a run's next attempt; a time in the past queues the run. @throws StraitError 404 */
  reschedule(caller: Caller, id: string, request: RescheduleRequest): RunRow {
    const { database, clock } = this.#context;
    const { runs } = this.#dependencies;
    return database.transaction(() => {
      const run = runs.require(caller, id);
      const waits = run.status === "delayed" || run.status === "queued";
      if (!waits) throw new StraitError(404, "run not found or not eligible for rescheduling");
      const { scheduled_at, payload } = request;
      const moved = scheduled_at - (run.scheduled_at ?? run.created_at);
      return runs.putOff(run, scheduled_at <= clock.now() ? "queued" : "delayed", {
        scheduled_at,
        expires_at: run.expires_at === null ? null : run.expires_at + moved,
        ...(payload === undefined ? {} : { payload_json: canonicalJson(payload.text), payload_hash: null }),
      });
    });
  }

  /** @throws StraitError 404 */
  setDebugMode(caller: Caller, id: string, debugMode: boolean): void {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    database.transaction(() => runs.update(runs.require(caller, id), { debug_mode: debugMode ? 1 : 0 }));
  }

  /** Frees the run's idempotency key, if it has one, for another run. @throws StraitError 404 also while it executes */
  resetIdempotencyKey(caller: Caller, id: string): void {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    database.transaction(() => {
      const run = runs.require(caller, id);
      if (AT_WORK.has(run.status)) throw new StraitError(404, "run not found or not eligible for idempotency reset");
      runs.update(run, { idempotency_key: null });
    });
  }

  #cancelChildren(parentId: string, error: string, depth: number): void {
    if (depth === 0) return;
    for (const child of this.#dependencies.runs.unfinishedChildren(parentId)) {
      this.#dependencies.runs.transition(child, "canceled", { error });
      this.#cancelChildren(child.id, error, depth - 1);
    }
  }

  /**
   * The job as it is now. @throws StraitError 400 for one that was deleted by an earlier version, which kept its runs
   */
  #jobOf(run: RunRow): StoredJob {
    const job = this.#dependencies.jobs.find(run.job_id);
    if (job === undefined) throw new StraitError(400, "job not found for run", { reason: "job-unavailable" });
    return job;
  }
}

/** @throws StraitError 400 */
function readSequence(text: string): number {
  const sequence = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(sequence) && sequence > 0) return sequence;
  throw new StraitError(400, "from_checkpoint must be a positive integer");
}

/** A run that begins anew. */
const FRESH = {
  attempt: 1,
  started_at: null,
  heartbeat_at: null,
  error: null,
  error_class: null,
  result_json: null,
  previous_error: null,
  same_error_count: 0,
  snooze_count: 0,
} as const;
