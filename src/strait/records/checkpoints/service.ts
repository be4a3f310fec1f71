import type { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import type { RunService } from "../../run/service.ts";
import type { Caller } from "../../wire/caller.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import { before, type Cursor, type Page, toPage } from "../../wire/paging.ts";
import type { Checkpoint } from "./schema.ts";
import { CHECKPOINTS, type CheckpointRow, CheckpointStore } from "./store.ts";

export interface CheckpointServiceDependencies {
  runs: RunService;
}

/** Checkpoints: states that executors save, to continue from them in another attempt. */
export class CheckpointService {
  readonly #store: CheckpointStore;
  readonly #context: StraitContext;
  readonly #most: number;
  readonly #runs: RunService;

  constructor(context: StraitContext, dependencies: CheckpointServiceDependencies) {
    this.#store = new CheckpointStore(context.database);
    this.#context = context;
    this.#most = context.config.maxRecordsPerRun;
    this.#runs = dependencies.runs;
  }

  /** As `append`, for executors. @throws StraitError 429 when the run has too many */
  save(runId: string, source: string, state: RawJson): Checkpoint {
    requireBelowLimit(this.#store.latest(runId)?.sequence ?? 0, this.#most, "checkpoints");
    return this.append(runId, source, state);
  }

  /**
   * Adds a checkpoint behind the others of its run.
   * @param source its origin: `sdk`, `event_trigger`, or the executor's own word
   */
  append(runId: string, source: string, state: RawJson): Checkpoint {
    const row = CHECKPOINTS.row({
      id: this.#context.ids.uuid(),
      run_id: runId,
      sequence: (this.#store.latest(runId)?.sequence ?? 0) + 1,
      source,
      state_json: state.text,
      created_at: this.#context.clock.now(),
    });
    this.#store.insert(row);
    return toCheckpoint(row);
  }

  latest(runId: string): Checkpoint | undefined {
    return optionalCheckpoint(this.#store.latest(runId));
  }

  /** @param sequence counts from 1 */
  find(runId: string, sequence: number): Checkpoint | undefined {
    return optionalCheckpoint(this.#store.find(runId, sequence));
  }

  /** Newest first. @throws StraitError 404 */
  list(caller: Caller, runId: string, query: { limit: number; cursor?: Cursor | undefined }): Page<Checkpoint> {
    const { id } = this.#runs.require(caller, runId);
    const rows = this.#store.newest(id, before(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, (row) => ({ time: row.created_at, id: row.id }), toCheckpoint);
  }
}

function optionalCheckpoint(row: CheckpointRow | undefined): Checkpoint | undefined {
  return row === undefined ? undefined : toCheckpoint(row);
}

function toCheckpoint(row: CheckpointRow): Checkpoint {
  return CHECKPOINTS.toFields(row);
}
