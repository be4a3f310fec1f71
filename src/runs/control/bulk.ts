import type { Database } from "../../database/database.ts";
import type { RunList } from "../runs/list.ts";
import { toStoredRun } from "../runs/run.ts";
import { type Caller, projectOf } from "../wire/caller.ts";
import { RunsError } from "../wire/errors.ts";
import type { BulkCanceled, BulkDeadLettersReplayed, BulkReplayed, CancelAllRequest } from "./schema.ts";
import type { ControlService } from "./service.ts";

const MAX_RUNS = 100;

/** The same for many runs: one that fails does not keep the others from it (facts 4.4). */
export class BulkControl {
  readonly #database: Database;
  readonly #control: ControlService;
  readonly #list: RunList;

  constructor(options: { database: Database; control: ControlService; list: RunList }) {
    this.#database = options.database;
    this.#control = options.control;
    this.#list = options.list;
  }

  /** @throws RunsError 400 for more than 100 */
  cancel(caller: Caller, ids: readonly string[]): BulkCanceled {
    requireFew(ids);
    return this.#database.transaction(() => {
      const results = ids.map((id) => {
        const outcome = this.#attempt(() => this.#control.cancel(caller, id));
        return "error" in outcome
          ? { id, status: "failed", error: outcome.error }
          : { id, status: outcome.value.status };
      });
      // Failures come first on the wire.
      const failed = results.filter((result) => "error" in result);
      const canceled = results.filter((result) => !("error" in result));
      return {
        results: [...failed, ...canceled],
        total: results.length,
        canceled: canceled.length,
        failed: failed.length,
      };
    });
  }

  /** Cancels all runs of the project that the filter lets through and that have not ended. */
  cancelAll(caller: Caller, request: CancelAllRequest): BulkCanceled {
    return this.#database.transaction(() => {
      const ids = this.#list.unfinishedIds(projectOf(caller), request);
      const canceled = ids.flatMap((id) => {
        // A parent that was canceled before has taken its children along.
        const outcome = this.#attempt(() => this.#control.cancel(caller, id));
        return "error" in outcome ? [] : [{ id, status: outcome.value.status }];
      });
      return { results: canceled, total: canceled.length, canceled: canceled.length, failed: 0 };
    });
  }

  /** @throws RunsError 400 for more than 100 */
  replay(caller: Caller, ids: readonly string[]): BulkReplayed {
    requireFew(ids);
    return this.#database.transaction(() => {
      const results = ids.map((original_run_id) => {
        const outcome = this.#attempt(() => this.#control.replay(caller, original_run_id, undefined));
        if (!("error" in outcome)) {
          return { original_run_id, new_run_id: outcome.value.id, status: "replayed" as const };
        }
        const status = outcome.error === "run is not replayable" ? ("skipped" as const) : ("failed" as const);
        return { original_run_id, status, error: outcome.error };
      });
      return {
        results,
        total: results.length,
        replayed: results.filter(({ status }) => status === "replayed").length,
      };
    });
  }

  /** Brings back the named dead letters, or the newest of the project. Others among the named are left out. */
  replayDeadLetters(caller: Caller, ids: readonly string[] | undefined, limit: number): BulkDeadLettersReplayed {
    if (ids !== undefined) requireFew(ids);
    return this.#database.transaction(() => {
      const chosen = ids ?? this.#list.deadLetters(caller, { limit, cursor: undefined }).data.map(({ id }) => id);
      const replayed = chosen.flatMap((id) => {
        const outcome = this.#attempt(() => this.#control.replayDeadLetter(caller, id));
        return "error" in outcome ? [] : [toStoredRun(outcome.value)];
      });
      return { replayed, count: replayed.length };
    });
  }

  /** One of many: whatever it did before it was refused is undone. */
  #attempt<Value>(work: () => Value): { value: Value } | { error: string } {
    try {
      return { value: this.#database.attempt(work) };
    } catch (error) {
      if (error instanceof RunsError) return { error: error.message };
      throw error;
    }
  }
}

function requireFew(ids: readonly string[]): void {
  if (ids.length > MAX_RUNS) throw new RunsError(400, `maximum ${MAX_RUNS} run_ids per request`);
}
