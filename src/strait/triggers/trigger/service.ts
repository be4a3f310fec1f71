import { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import {
  executionModeOf,
  maxAttemptsOf,
  queueOf,
  type StoredJob,
  timeoutSecondsOf,
} from "../../definitions/jobs/job.ts";
import { checkTags } from "../../definitions/jobs/rules.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import type { NewRun, RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { isTerminal } from "../../run/state-machine.ts";
import type { Caller } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { formatOptionalTime, formatTime } from "../../wire/time.ts";
import { checkIdempotencyKey, checkTraceHeaders, type TriggerContext, writeTraceHeaders } from "./context.ts";
import type { DeferredTriggers } from "./deferred-triggers.ts";
import { TriggerLimits } from "./limits.ts";
import { checkTime, planRun, type RunPlan, timeInWindow } from "./plan.ts";
import type { BulkItem, BulkTriggered, BulkTriggerRequest, DryRun, TriggerRequest } from "./schema.ts";

export interface TriggerServiceDependencies {
  jobs: JobService;
  runs: RunService;
  deferredTriggers: DeferredTriggers;
}

/** The outcome of a trigger. */
export type Triggered =
  | { kind: "run"; run: RunRow; timeoutSeconds: number; idempotencyHit: boolean }
  | { kind: "batch"; run: RunRow; timeoutSeconds: number }
  | { kind: "debounced"; fireAt: number }
  | { kind: "buffered" }
  | { kind: "dry-run"; report: DryRun };

const IDEMPOTENCY_MS = 24 * 3_600_000;
const MAX_BULK_ITEMS = 500;
const MAX_TTL_SECONDS = 2_592_000;

/** Triggers runs, one or many at once, and decides when a trigger creates none [strait 4.2, 4.3]. */
export class TriggerService {
  readonly #context: StraitContext;
  readonly #dependencies: TriggerServiceDependencies;
  readonly #limits: TriggerLimits;

  constructor(context: StraitContext, dependencies: TriggerServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#limits = new TriggerLimits(context, dependencies);
  }

  /** The job, if it can be triggered now. @throws StraitError 404, 400 disabled, 409 paused */
  requireTriggerable(caller: Caller, jobId: string): StoredJob {
    const job = this.#dependencies.jobs.require(caller, jobId);
    if (job.definition.enabled === false) throw new StraitError(400, "job is disabled");
    if (job.paused_at !== null) throw new StraitError(409, "job is paused -- resume it before triggering new runs");
    return job;
  }

  /**
   * @throws StraitError in the real server's order: see `requireTriggerable`; 400; 429 over the project's quota or the
   *   job's rate, which is a 400 for a dry run
   */
  trigger(caller: Caller, jobId: string, request: TriggerRequest, context: TriggerContext): Triggered {
    const { database } = this.#context;
    const { deferredTriggers } = this.#dependencies;
    return database.transaction(() => {
      const job = this.requireTriggerable(caller, jobId);
      checkTraceHeaders(context);
      checkTags(request.tags);
      checkTime(request.scheduled_at, this.#context.clock.now());
      const trace_headers_json = writeTraceHeaders(context);
      const plan = this.#plan(job, request, { created_by: caller.actor, trace_headers_json });
      if (plan.mistake !== undefined) throw new StraitError(400, `payload validation failed: ${plan.mistake}`);
      if (request.dry_run) return { kind: "dry-run", report: this.#tryDry(job, plan) };
      checkIdempotencyKey(context.idempotencyKey);
      const timeoutSeconds = timeoutSecondsOf(job.definition);
      const known = this.#byKey(job, context.idempotencyKey);
      if (known !== undefined) return { kind: "run", run: known, timeoutSeconds, idempotencyHit: true };
      const same = this.#duplicateOf(job, plan);
      if (same !== undefined) return { kind: "run", run: same, timeoutSeconds, idempotencyHit: false };
      if (job.definition.debounce_window_secs) {
        this.#limits.require(job);
        return { kind: "debounced", fireAt: deferredTriggers.debounce(job, request, plan) };
      }
      if (job.definition.batch_window_secs) {
        this.#limits.require(job);
        const run = deferredTriggers.batch(job, request.batch_key ?? "", plan);
        return run === undefined ? { kind: "buffered" } : { kind: "batch", run, timeoutSeconds };
      }
      const run = this.#create(job, plan, { idempotency_key: context.idempotencyKey ?? null });
      return { kind: "run", run, timeoutSeconds, idempotencyHit: false };
    });
  }

  /** All runs or, when one item is wrong, none. @throws StraitError as `trigger`, naming the item counted from 0 */
  bulk(caller: Caller, jobId: string, request: BulkTriggerRequest): BulkTriggered {
    const { database, ids } = this.#context;
    return database.transaction(() => {
      const job = this.requireTriggerable(caller, jobId);
      if (request.items.length > MAX_BULK_ITEMS)
        throw new StraitError(400, "maximum 500 items per bulk trigger request");
      const batch_id = ids.uuid();
      const results = request.items.map((item, index) => {
        const plan = this.#planItem(job, item, index, { created_by: caller.actor, batch_id });
        const known = this.#byKey(job, item.idempotency_key);
        const run = known ?? this.#create(job, plan, { idempotency_key: item.idempotency_key || null });
        return { id: run.id, status: run.status, idempotency_hit: known !== undefined };
      });
      const created = results.filter((result) => !result.idempotency_hit).length;
      return { batch_id, results, total: results.length, created };
    });
  }

  #plan(
    job: StoredJob,
    request: Omit<TriggerRequest, "dry_run" | "debounce_key" | "batch_key">,
    more: Partial<Pick<NewRun, "created_by" | "batch_id" | "trace_headers_json">>,
  ): RunPlan {
    const { clock, config } = this.#context;
    const now = clock.now();
    const scheduled_at = timeInWindow(job.definition, request.scheduled_at, now);
    const plan = planRun(job, { ...request, scheduled_at }, now, config.runDefaultTtlSeconds);
    return { ...plan, run: { ...plan.run, ...more } };
  }

  /** Names the mistake of an item, and the item. Its time is checked before its tags, unlike a single run's. */
  #planItem(
    job: StoredJob,
    item: BulkItem,
    index: number,
    more: Partial<Pick<NewRun, "created_by" | "batch_id">>,
  ): RunPlan {
    const where = `for item ${index}`;
    explaining(`scheduled_at validation failed ${where}`, () =>
      checkTime(item.scheduled_at, this.#context.clock.now()),
    );
    explaining(`ttl_secs validation failed ${where}`, () => checkTtl(item.ttl_secs));
    explaining(`invalid tags ${where}`, () => checkTags(item.tags));
    const plan = this.#plan(job, item, more);
    if (plan.mistake !== undefined) throw new StraitError(400, `payload validation failed ${where}: ${plan.mistake}`);
    checkIdempotencyKey(item.idempotency_key, ` ${where}`);
    return plan;
  }

  #create(job: StoredJob, plan: RunPlan, more: Partial<NewRun>): RunRow {
    this.#limits.require(job);
    return this.#dependencies.runs.create({ ...plan.run, ...more });
  }

  /** The run that this key has created already, until a day after its end, unless it expired. */
  #byKey(job: StoredJob, key: string | undefined): RunRow | undefined {
    if (!key) return undefined;
    const run = this.#dependencies.runs.findByIdempotencyKey(job.id, key);
    if (run === undefined || run.status === "expired") return undefined;
    if (!isTerminal(run.status)) return run;
    return (run.finished_at ?? 0) > this.#context.clock.now() - IDEMPOTENCY_MS ? run : undefined;
  }

  #duplicateOf(job: StoredJob, plan: RunPlan): RunRow | undefined {
    const { dedup_window_secs } = job.definition;
    if (!dedup_window_secs) return undefined;
    const since = this.#context.clock.now() - dedup_window_secs * 1_000;
    return this.#dependencies.runs.findByPayload(job.id, plan.run.payload_hash, since);
  }

  /** The run that a trigger would create. @throws StraitError 400 for a limit that is reached */
  #tryDry(job: StoredJob, plan: RunPlan): DryRun {
    try {
      this.#limits.require(job);
    } catch (error) {
      throw error instanceof StraitError ? new StraitError(400, error.message) : error;
    }
    return toDryRun(job, plan, this.#duplicateOf(job, plan));
  }
}

/** @throws StraitError 400 */
function checkTtl(seconds = 0): void {
  if (seconds < 0) throw new StraitError(400, "ttl_secs must be greater than or equal to 0");
  if (seconds > MAX_TTL_SECONDS) throw new StraitError(400, "ttl_secs cannot exceed 30 days");
}

/** Prefixes an error's message with what is wrong. */
function explaining(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof StraitError ? new StraitError(error.status, `${what}: ${error.message}`) : error;
  }
}

function toDryRun(job: StoredJob, plan: RunPlan, duplicate: RunRow | undefined): DryRun {
  const { id, version, version_id, definition } = job;
  return {
    job: {
      id,
      name: definition.name,
      slug: definition.slug,
      execution_mode: executionModeOf(definition),
      queue: queueOf(definition),
      timeout_secs: timeoutSecondsOf(definition),
      max_attempts: maxAttemptsOf(definition),
      version,
      version_id,
    },
    payload_hash: plan.run.payload_hash,
    payload: new RawJson(plan.run.payload_json),
    scheduled_at: formatOptionalTime(plan.run.scheduled_at ?? null),
    expires_at: formatTime(plan.run.expires_at),
    validation_warnings: duplicate && [`payload deduplication: run ${duplicate.id}`],
  };
}
