import { nextTurn } from "../../core/slices.ts";
import { type RecentJob, RecentJobs } from "../../opik/runners/jobs/recent.ts";
import { type RecentRun, RecentRuns } from "../../strait/run/recent.ts";
import type { AdminContext } from "../context.ts";
import type { Activity, ActivityJob, ActivityMinute, ActivityRun } from "./schema.ts";

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** How many jobs and runs each list has. */
const LISTED = 10;
/** How long the counts of a past minute are kept: a fixture may add rows to it. */
const COUNTED_FOR_MS = MINUTE_MS;
/** Other requests are served after a minute with more rows than this: counting them takes about a millisecond. */
const MANY_ROWS = 1_000;

interface Counted {
  at: number;
  minute: ActivityMinute;
}

/** Reports what happened in the last hour. It counts only on request, so it costs nothing while no page is open. */
export class ActivityService {
  readonly #context: AdminContext;
  readonly #jobs: RecentJobs;
  readonly #runs: RecentRuns;
  readonly #counted = new Map<string, Counted>();

  constructor(context: AdminContext) {
    this.#context = context;
    this.#jobs = new RecentJobs(context.database);
    this.#runs = new RecentRuns(context.database);
  }

  /** The last hour, with the jobs of one workspace and the runs of all projects. */
  async read(workspace: string): Promise<Activity> {
    const now = this.#context.clock.now();
    const since = now - MINUTES * MINUTE_MS;
    const minutes = await this.#minutes(now, workspace);
    return {
      now: wireTime(now),
      minutes,
      jobs: {
        running: this.#jobs.running(workspace, LISTED).map(toJob),
        failed: this.#jobs.failedSince(since, workspace, LISTED).map(toJob),
        newest: this.#jobs.newest(workspace, LISTED).map(toJob),
      },
      runs: {
        under_way: this.#runs.underWay(LISTED).map(toRun),
        failed: this.#runs.failedSince(since, LISTED).map(toRun),
        newest: this.#runs.newest(LISTED).map(toRun),
      },
    };
  }

  /** Counts each minute by itself and lets other requests in between: a busy hour has millions of rows. */
  async #minutes(now: number, workspace: string): Promise<ActivityMinute[]> {
    const current = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const minutes: ActivityMinute[] = [];
    for (const [key, { at }] of this.#counted) if (at + COUNTED_FOR_MS < now || at > now) this.#counted.delete(key);
    for (let index = MINUTES - 1; index >= 0; index -= 1) {
      const from = current - index * MINUTE_MS;
      const key = `${workspace} ${from}`;
      let counted = this.#counted.get(key);
      if (counted === undefined) {
        counted = { at: now, minute: this.#count(from, workspace) };
        if (counted.minute.ended > MANY_ROWS) await nextTurn();
        if (index > 0) this.#counted.set(key, counted);
      }
      minutes.push(counted.minute);
    }
    return minutes;
  }

  #count(from: number, workspace: string): ActivityMinute {
    const jobs = this.#jobs.countEnded(from, from + MINUTE_MS, workspace);
    const runs = this.#runs.countEnded(from, from + MINUTE_MS);
    return { time: wireTime(from), ended: jobs.ended + runs.ended, failed: jobs.failed + runs.failed };
  }
}

function wireTime(time: number): string {
  return new Date(time).toISOString();
}

function optionalTime<Name extends string>(name: Name, time: number | null): { [Key in Name]?: string } {
  return time === null ? {} : ({ [name]: wireTime(time) } as { [Key in Name]?: string });
}

type Texts = Pick<ActivityJob & ActivityRun, "input" | "result" | "error">;

/** Removes the columns that are null. */
function texts(input: string | null, result: string | null, error: string | null): Texts {
  return {
    ...(input === null ? {} : { input }),
    ...(result === null ? {} : { result }),
    ...(error === null ? {} : { error }),
  };
}

function toJob(row: RecentJob): ActivityJob {
  const { id, project_id, runner_id, agent_name, status } = row;
  return {
    ...{ id, project_id, runner_id, agent_name, status, created_at: wireTime(row.created_at) },
    ...optionalTime("started_at", row.started_at),
    ...optionalTime("completed_at", row.completed_at),
    ...texts(row.inputs, row.result, row.error),
  };
}

function toRun(row: RecentRun): ActivityRun {
  const { id, project_id, job_id, status, attempt } = row;
  return {
    ...{ id, project_id, job_id, status, attempt, created_at: wireTime(row.created_at) },
    ...optionalTime("started_at", row.started_at),
    ...optionalTime("finished_at", row.finished_at),
    ...texts(row.payload, row.result, row.error),
  };
}
