import type { RawJson } from "../../../core/json.ts";
import type { TokenHolder } from "../../access/tokens/service.ts";
import type { StraitContext } from "../../context.ts";
import { executionModeOf, queueOf } from "../../definitions/jobs/job.ts";
import type { JobService } from "../../definitions/jobs/service.ts";
import { type RunRow, writeMap } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import { checkAgainstSchema } from "../../wire/payload-schema.ts";
import { checkAnnotations } from "./annotations.ts";
import type { Annotations } from "./schema.ts";

export interface ExecutionServiceDependencies {
  jobs: JobService;
  runs: RunService;
}

/** The limit of continuations in a row. */
const MAX_LINEAGE_DEPTH = 10;

/** Operations of an executor on its own run [strait 2.1 to 2.11]. */
export class ExecutionService {
  readonly #context: StraitContext;
  readonly #maxResultBytes: number;
  readonly #jobs: JobService;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: ExecutionServiceDependencies) {
    this.#context = context;
    this.#maxResultBytes = context.config.runMaxResultBytes;
    this.#jobs = dependencies.jobs;
    this.#runs = dependencies.runs;
  }

  /** The run's payload as JSON text; nothing when it has none, or `null`. Needs no active run [strait 2.1]. */
  payload(holder: TokenHolder): string | undefined {
    const { payload_json } = this.#runs.requireCurrent(holder.runId, holder.attempt);
    return payload_json === null || payload_json === "null" ? undefined : payload_json;
  }

  /** Records a heartbeat. */
  heartbeat(holder: TokenHolder): void {
    this.#runs.whileActive(holder, (run) => this.#runs.update(run, { heartbeat_at: this.#context.clock.now() }));
  }

  /** Adds to the run's metadata, replacing values of the same keys. @throws StraitError 400, 422 */
  annotate(holder: TokenHolder, annotations: Annotations | undefined): RunRow {
    checkAnnotations(annotations);
    return this.#runs.whileActive(holder, (run) => {
      const kept = JSON.parse(run.metadata_json ?? "{}") as Record<string, string>;
      const merged = new Map([...Object.entries(kept), ...annotations]);
      return this.#runs.update(run, { metadata_json: writeMap(merged) });
    });
  }

  /**
   * Ends the run with a result. @throws StraitError 413 for too large a one, 422 for one that breaks the job's schema
   */
  complete(holder: TokenHolder, result: RawJson | undefined): RunRow {
    const size = Buffer.byteLength(result?.text ?? "");
    if (this.#maxResultBytes > 0 && size > this.#maxResultBytes) {
      throw new StraitError(413, `result size ${size} exceeds maximum ${this.#maxResultBytes} bytes`);
    }
    return this.#runs.whileActive(holder, (run) => {
      if (result !== undefined) this.#checkResult(run, result);
      return this.#runs.transition(run, "completed", { result_json: result?.text ?? null }, { reported: true });
    });
  }

  /** Fails the run; it is never retried, also when its job has attempts left [strait 2.9]. */
  fail(holder: TokenHolder, error: string): RunRow {
    return this.#runs.whileActive(holder, (run) => this.#runs.transition(run, "failed", { error }, { reported: true }));
  }

  /**
   * Creates a run that continues the current one, which its executor still has to end.
   * @param payload default this run's
   * @throws StraitError 409 when this run is not active, 400 for too many continuations in a row, 429 when too many runs
   * wait
   */
  continue(holder: TokenHolder, payload: RawJson | undefined): RunRow {
    return this.#context.database.transaction(() => this.#continue(holder, payload));
  }

  #continue(holder: TokenHolder, payload: RawJson | undefined): RunRow {
    const run = this.#runs.speakFor(holder.runId, holder.attempt);
    if (run.status !== "executing" && run.status !== "waiting") {
      throw new StraitError(409, "run must be executing or waiting to continue");
    }
    if (run.lineage_depth >= MAX_LINEAGE_DEPTH) {
      throw new StraitError(400, `max lineage depth (${MAX_LINEAGE_DEPTH}) exceeded`);
    }
    this.#runs.requireQueueBelowLimit(run.project_id, "enqueue_throttled");
    const definition = this.#jobs.find(run.job_id)?.definition;
    return this.#runs.create({
      job_id: run.job_id,
      project_id: run.project_id,
      triggered_by: "manual",
      payload_json: payload?.text ?? run.payload_json,
      priority: run.priority,
      continuation_of: run.id,
      lineage_depth: run.lineage_depth + 1,
      execution_mode: definition === undefined ? run.execution_mode : executionModeOf(definition),
      queue_name: definition === undefined ? run.queue_name : queueOf(definition),
    });
  }

  #checkResult(run: RunRow, result: RawJson): void {
    const schema = this.#jobs.find(run.job_id)?.definition.result_schema;
    const mistake = schema === undefined || schema.isNull ? undefined : checkAgainstSchema(result, schema);
    if (mistake === undefined) return;
    throw new StraitError(422, "result schema validation failed", {
      code: "result_schema_validation_failed",
      details: [mistake],
    });
  }
}
