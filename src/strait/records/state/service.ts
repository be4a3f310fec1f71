import type { RawJson } from "../../../core/json.ts";
import type { StraitContext } from "../../context.ts";
import { requireBelowLimit } from "../../wire/limit.ts";
import type { RunState } from "./schema.ts";
import { RUN_STATE, type StateRow, StateStore } from "./store.ts";

/** Values under keys of a run [strait 2.13 to 2.16]. */
export class StateService {
  readonly #store: StateStore;
  readonly #context: StraitContext;
  readonly #maxKeys: number;

  constructor(context: StraitContext) {
    this.#store = new StateStore(context.database);
    this.#context = context;
    this.#maxKeys = context.config.maxStateKeysPerRun;
  }

  /**
   * Stores a value. It needs an open transaction.
   * @throws StraitError 429 for one key too many; the real server keeps any number, and shows 10000 of them
   */
  set(runId: string, key: string, value: RawJson): RunState {
    this.#context.database.requireTransaction();
    if (this.#store.find(runId, key) === undefined) {
      requireBelowLimit(this.#store.count(runId), this.#maxKeys, "state keys");
    }
    const row = RUN_STATE.row({
      run_id: runId,
      state_key: key,
      value_json: value.text,
      updated_at: this.#context.clock.now(),
    });
    return toRunState(this.#store.upsert(row));
  }

  find(runId: string, key: string): RunState | undefined {
    const row = this.#store.find(runId, key);
    return row === undefined ? undefined : toRunState(row);
  }

  /** By key. */
  list(runId: string): RunState[] {
    return this.#store.list(runId).map(toRunState);
  }

  delete(runId: string, key: string): void {
    this.#store.delete(runId, key);
  }
}

function toRunState(row: StateRow): RunState {
  return RUN_STATE.toFields(row);
}
