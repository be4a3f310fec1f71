import type { StraitContext } from "../../context.ts";
import type { RunRow } from "../run.ts";
import type { AttemptStatus, RunAttempt } from "./schema.ts";
import { ATTEMPTS, type AttemptRow, AttemptStore } from "./store.ts";

/** How an attempt ended. */
export type AttemptEnd = Pick<AttemptRow, "error" | "error_class"> & { status: AttemptStatus };

/**
 * The attempts of runs that were followed by another one. A run that is tried again loses the times and the error of the
 * attempt before, so these are kept here for those who look at the run later. The last attempt is in the run itself.
 */
export class AttemptHistory {
  readonly #context: StraitContext;
  readonly #store: AttemptStore;

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new AttemptStore(context.database);
  }

  /**
   * Keeps the present attempt of a run, which another one will follow. It needs the open transaction of that change.
   * @param run as it was during the attempt
   */
  append(run: RunRow, end: AttemptEnd): void {
    const { database, clock } = this.#context;
    database.requireTransaction();
    const { attempt, started_at, finished_at } = run;
    this.#store.insert(run.id, { attempt, started_at, finished_at: finished_at ?? clock.now(), ...end });
  }

  /** The attempts of a run that have ended before its last one, oldest first. */
  ofRun(runId: string): RunAttempt[] {
    return this.#store.ofRun(runId).map((row) => ATTEMPTS.toFields(row));
  }
}
