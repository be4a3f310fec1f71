import { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import { placeOf, type StoredJob, timeoutSecondsOf } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import { type NewRun, type RunRow, writeMap } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { secondsAfter } from "../../wire/time.ts";
import { DEFAULT_TTL_GRACE_SECONDS, expiryOf, planRun, type RunPlan } from "./plan.ts";
import type { TriggerRequest } from "./schema.ts";
import { type DebounceRow, DeferredTriggerStore } from "./store.ts";

export interface DeferredTriggersDependencies {
  jobs: JobService;
  runs: RunService;
}

/** The limit of triggers in a batch of a job that names none; the real server has no limit there. */
const MAX_BATCH_SIZE = 10_000;

/** What is kept of the last trigger of a debounced key. */
type Debounced = NewRun & Pick<TriggerRequest, "ttl_secs">;

/** Triggers that create their run later: one run for the last trigger of a debounced key, one for all of a batch. */
export class DeferredTriggers {
  readonly #context: StraitContext;
  readonly #store: DeferredTriggerStore;
  readonly #jobs: JobService;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: DeferredTriggersDependencies) {
    this.#context = context;
    this.#store = new DeferredTriggerStore(context.database);
    this.#jobs = dependencies.jobs;
    this.#runs = dependencies.runs;
  }

  /**
   * Defers a run until its key was not triggered for the job's window. The run has the tags of its trigger alone, no
   * metadata and no start time (`newDebouncePending`, `newDebounceRun` of the real server).
   * @returns when it fires, in milliseconds
   */
  debounce(job: StoredJob, { debounce_key = "", tags, ttl_secs }: TriggerRequest, plan: RunPlan): number {
    const fire_at = secondsAfter(this.#context.clock.now(), job.definition.debounce_window_secs ?? 0);
    const left = { metadata_json: null, trace_headers_json: null, scheduled_at: null };
    const run: Debounced = { ...plan.run, ...left, status: "queued", tags_json: writeMap(tags), ttl_secs };
    this.#store.debounce({ job_id: job.id, debounce_key, request_json: JSON.stringify(run), fire_at });
    this.#context.events.emit("run:trigger:deferred", { fire_at });
    return fire_at;
  }

  /**
   * Adds a payload to a batch, which fires when its first payload has waited for the job's window or when it
   * is full. @returns the run, when this payload filled the batch
   */
  batch(job: StoredJob, key: string, plan: RunPlan): RunRow | undefined {
    const waiting = this.#store.waiting(job.id, key);
    const fireAt = waiting.fire_at ?? secondsAfter(this.#context.clock.now(), job.definition.batch_window_secs ?? 0);
    this.#store.insertItem({
      job_id: job.id,
      batch_key: key,
      payload_json: plan.run.payload_json,
      created_by: plan.run.created_by ?? null,
      fire_at: fireAt,
    });
    this.#context.events.emit("run:trigger:deferred", { fire_at: fireAt });
    const size = job.definition.batch_max_size || MAX_BATCH_SIZE;
    return waiting.size + 1 < size ? undefined : this.#fireFull(job, key, plan);
  }

  /** Lets the batches of a job fire that were held because it was disabled. */
  release(job: StoredJob): void {
    if (job.definition.enabled === false) return;
    this.#context.database.transaction(() => {
      const fire_at = this.#context.clock.now();
      if (this.#store.release(job.id, fire_at)) this.#context.events.emit("run:trigger:deferred", { fire_at });
    });
  }

  /** The same for all jobs that were enabled when the server ended. */
  releaseAll(): void {
    if (!this.#store.hasHeld()) return;
    for (const job of this.#jobs.all()) this.release(job);
  }

  /** When `fireDue` has something to do next, in milliseconds since the epoch. */
  nextDue(): number | undefined {
    return this.#store.nextDue();
  }

  /**
   * Creates the runs of all deferred triggers that are due, each in its own transaction.
   * @throws AggregateError with the errors of triggers that failed; they stay deferred
   */
  fireDue(): void {
    const now = this.#context.clock.now();
    const firings = [
      ...this.#store.dueDebounces(now).map((row) => () => this.#fireDebounced(row)),
      ...this.#store.dueBatches(now).map((batch) => () => {
        const job = this.#jobs.find(batch.job_id);
        if (job !== undefined) this.#fireBatch(job, batch.batch_key);
      }),
    ];
    const errors = firings.flatMap((fire) => this.#try(fire));
    if (errors.length === 0) return;
    throw new AggregateError(errors, `deferred triggers were not fired: ${errors.map(String).join("; ")}`);
  }

  /** @returns what went wrong, if anything */
  #try(work: () => void): unknown[] {
    try {
      this.#context.database.transaction(work);
      return [];
    } catch (error) {
      return [error];
    }
  }

  /** Creates a run of the job as it is now, unless the job cannot be triggered any more. */
  #fireDebounced({ job_id, debounce_key, request_json }: DebounceRow): void {
    this.#store.deleteDebounce(job_id, debounce_key);
    const job = this.#jobs.find(job_id);
    if (job === undefined || job.definition.enabled === false || job.paused_at !== null) return;
    const { version: job_version, version_id: job_version_id } = job;
    const { ttl_secs, ...run } = JSON.parse(request_json) as Debounced;
    const expires_at = expiryOf(job, this.#context.clock.now(), ttl_secs, 0);
    this.#runs.create({ ...run, ...placeOf(job), job_version, job_version_id, expires_at, triggered_by: "debounce" });
  }

  /**
   * Creates one run whose payload has the payloads of the batch as its `items` (`batch_flusher.go` of the real server).
   * The batch of a disabled job is held until the job is enabled.
   */
  #fireBatch(job: StoredJob, key: string): void {
    if (job.definition.enabled === false) {
      this.#store.hold(job.id, key);
      return;
    }
    this.#createOfBatch(job, key, {});
  }

  /**
   * The same of a batch that is full: the run has what the trigger that filled it says, and no tags
   * (`batch_flush_run.go`).
   */
  #fireFull(job: StoredJob, key: string, { run }: RunPlan): RunRow {
    const { priority = 0, created_by = null, trace_headers_json = null } = run;
    const seconds = timeoutSecondsOf(job.definition) + DEFAULT_TTL_GRACE_SECONDS;
    const expires_at = secondsAfter(this.#context.clock.now(), seconds);
    return this.#createOfBatch(job, key, { priority, created_by, trace_headers_json, expires_at, tags_json: null });
  }

  #createOfBatch(job: StoredJob, key: string, more: Partial<NewRun>): RunRow {
    const items = this.#store.items(job.id, key);
    this.#store.deleteItems(job.id, key);
    const payload = new RawJson(`{"items":[${items.map((item) => item.payload_json).join(",")}]}`);
    const { run } = planRun(job, { ...NOTHING, payload }, this.#context.clock.now(), 0);
    const created_by = items.at(0)?.created_by ?? null;
    return this.#runs.create({ ...run, metadata_json: null, triggered_by: "batch", created_by, ...more });
  }
}

const NOTHING = {
  tags: undefined,
  scheduled_at: undefined,
  priority: undefined,
  ttl_secs: undefined,
  concurrency_key: undefined,
};
