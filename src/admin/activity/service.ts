import { type RecentJob, RecentJobs } from "../../opik/runners/jobs/recent.ts";
import { type RecentRun, RecentRuns } from "../../strait/run/recent.ts";
import type { AdminContext } from "../context.ts";
import type { Activity, ActivityJob, ActivityMinute, ActivityRun } from "./schema.ts";

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** How many jobs and runs each list has. */
const LISTED = 10;

/** Reports what happened in the last hour. What ended in each minute is counted by the writes. */
export class ActivityService {
  readonly #context: AdminContext;
  readonly #jobs: RecentJobs;
  readonly #runs: RecentRuns;

  constructor(context: AdminContext) {
    this.#context = context;
    this.#jobs = new RecentJobs(context.database);
    this.#runs = new RecentRuns(context.database);
  }

  /** The last hour, with the jobs of one workspace and the runs of all projects. */
  read(workspace: string): Activity {
    const now = this.#context.clock.now();
    const since = now - MINUTES * MINUTE_MS;
    return {
      now: wireTime(now),
      minutes: this.#minutes(now, workspace),
      jobs: {
        running: this.#jobs.running(workspace, LISTED).map(toJob),
        failed: this.#jobs.failedSince(since, workspace, LISTED).map(toJob),
        newest: newestFirst(this.#jobs.newest(workspace, LISTED)).map(toJob),
      },
      runs: {
        under_way: this.#runs.underWay(LISTED).map(toRun),
        failed: this.#runs.failedSince(since, LISTED).map(toRun),
        newest: newestFirst(this.#runs.newest(LISTED)).map(toRun),
      },
    };
  }

  #minutes(now: number, workspace: string): ActivityMinute[] {
    const first = Math.floor(now / MINUTE_MS) - MINUTES + 1;
    const minutes = Array.from({ length: MINUTES }, (_, index) => ({
      time: wireTime((first + index) * MINUTE_MS),
      ended: 0,
      failed: 0,
    }));
    for (const { minute, ended, failed } of [...this.#jobs.ended(workspace, first), ...this.#runs.ended(first)]) {
      const counted = minutes[minute - first];
      // The times of fixtures may be later than now.
      if (counted === undefined) continue;
      counted.ended += ended;
      counted.failed += failed;
    }
    return minutes;
  }
}

/** Rows of fixtures are in the order of their files until they are sorted. */
function newestFirst<Row extends { created_at: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((left, right) => right.created_at - left.created_at);
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
