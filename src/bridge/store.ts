import { integer, text } from "../database/column.ts";
import type { Database } from "../database/database.ts";
import { type Row, Table } from "../database/table.ts";
import { UNFINISHED } from "../strait/run/unfinished.ts";

/** The job of a runner that executes a run. */
const RUNNER_JOBS = new Table("executor_runner_jobs", {
  run_id: text(),
  job_id: text().changing(),
  created_at: integer().changing(),
});

export type RunnerJobLink = Row<typeof RUNNER_JOBS>;

/** The SQL of the runs that runners execute. A run has one link, to the last job it became. */
export class RunnerJobStore {
  readonly #save;
  readonly #ofRun;
  readonly #ofJob;
  readonly #executing;
  readonly #hasAny;

  constructor(database: Database) {
    this.#save = database.prepare<[RunnerJobLink]>(
      `${RUNNER_JOBS.insertion} ON CONFLICT (run_id) DO UPDATE SET ${RUNNER_JOBS.assignments}`,
    );
    this.#ofRun = database.prepare<[string], RunnerJobLink>(
      `SELECT ${RUNNER_JOBS.list} FROM executor_runner_jobs WHERE run_id = ?`,
    );
    this.#ofJob = database.prepare<[string], RunnerJobLink>(
      `SELECT ${RUNNER_JOBS.list} FROM executor_runner_jobs WHERE job_id = ?`,
    );
    this.#hasAny = database.prepare<[], number>("SELECT EXISTS (SELECT 1 FROM executor_runner_jobs)").pluck();
    // A link that is older than the attempt belongs to the one before: the server ended in between.
    this.#executing = database.prepare<[], RunnerJobLink>(
      `SELECT ${RUNNER_JOBS.listOf("link")} FROM executor_runner_jobs link JOIN executor_runs run ON run.id = link.run_id
       WHERE run.status IN ${UNFINISHED} AND run.status = 'executing' AND link.created_at >= run.started_at`,
    );
  }

  /** Saves the link of a run in place of the one to its last job. */
  save(link: RunnerJobLink): void {
    this.#save.run(link);
  }

  ofRun(runId: string): RunnerJobLink | undefined {
    return this.#ofRun.get(runId);
  }

  ofJob(jobId: string): RunnerJobLink | undefined {
    return this.#ofJob.get(jobId);
  }

  /** Whether any run was executed by a runner. */
  hasAny(): boolean {
    return this.#hasAny.get() === 1;
  }

  /** The links of the attempts that are under way. */
  executing(): RunnerJobLink[] {
    return this.#executing.all();
  }
}
