import { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import { placeOf, type StoredJob } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { NewRun, RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { secondsAfter } from "../../wire/time.ts";
import { planRun, type RunPlan } from "./plan.ts";
import { type DebounceRow, DeferredTriggerStore } from "./store.ts";

export interface DeferredTriggersDependencies {
  jobs: JobService;
  runs: RunService;
}

/** How many triggers make a batch when the job does not say. */
const DEFAULT_BATCH_SIZE = 100;

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

  /** Defers a run until its key was not triggered for the job's window. @returns when it fires, in milliseconds */
  debounce(job: StoredJob, key: string, plan: RunPlan): number {
    const windowSeconds = job.definition.debounce_window_secs ?? 0;
    const fireAt = secondsAfter(this.#context.clock.now(), windowSeconds);
    // The limit of the wait to start counts from the moment at which it fires.
    const run = { ...plan.run, expires_at: secondsAfter(plan.run.expires_at, windowSeconds) };
    this.#store.debounce({ job_id: job.id, debounce_key: key, request_json: JSON.stringify(run), fire_at: fireAt });
    this.#context.events.emit("run:trigger:deferred", { fire_at: fireAt });
    return fireAt;
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
    const size = job.definition.batch_max_size || DEFAULT_BATCH_SIZE;
    return waiting.size + 1 < size ? undefined : this.#fireBatch(job, key);
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
    const run = { ...(JSON.parse(request_json) as NewRun), ...placeOf(job), job_version, job_version_id };
    this.#runs.create({ ...run, triggered_by: "debounce" });
  }

  /** Creates one run whose payload has the payloads of the batch as its `items` (`batch_flusher.go` of the real server). */
  #fireBatch(job: StoredJob, key: string): RunRow {
    const items = this.#store.items(job.id, key);
    this.#store.deleteItems(job.id, key);
    const payload = new RawJson(`{"items":[${items.map((item) => item.payload_json).join(",")}]}`);
    const { run } = planRun(job, { ...NOTHING, payload }, this.#context.clock.now(), 0);
    return this.#runs.create({ ...run, triggered_by: "batch", created_by: items.at(0)?.created_by ?? null });
  }
}

const NOTHING = {
  tags: undefined,
  scheduled_at: undefined,
  priority: undefined,
  ttl_secs: undefined,
  concurrency_key: undefined,
};
