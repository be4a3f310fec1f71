import { describeDuration } from "../../core/durations.ts";
import { maxAttemptsOf } from "../../strait/definitions/jobs/job.ts";
import type { JobService } from "../../strait/definitions/jobs/service.ts";
import type { StraitEvents } from "../../strait/events.ts";
import type { Run, RunStatus } from "../../strait/run/schema.ts";
import { cut } from "./layout.ts";
import type { Line } from "./lines.ts";
import type { Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";
import { StatusLines } from "./status-lines.ts";

export interface RunLinesOptions {
  paint: Paint;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Looks up the jobs of runs: events have only their ids. */
  jobs: Pick<JobService, "ofRun">;
}

/** The job of a run, for JSON output. */
interface JobFacts {
  slug: string;
  /** How often the run is tried at most. */
  max_attempts: number;
}

/** Characters of an endpoint's answer that are shown. */
const LONGEST_ANSWER = 100;

/** Describes the progress of executor runs, by attempt. */
export class RunLines {
  readonly #now: () => number;
  readonly #jobs: RunLinesOptions["jobs"];
  readonly #statuses: StatusLines;
  /** What endpoints answered to pushes that have failed, by run, until the next status of the run. */
  readonly #answers = new Map<string, string>();

  constructor({ paint, now, jobs }: RunLinesOptions) {
    this.#now = now;
    this.#jobs = jobs;
    this.#statuses = new StatusLines("run", paint, now);
  }

  /** The line for a run that was made (`from` is absent) or has another status. */
  describe({ run, from }: { run: Run; from?: RunStatus }): Line {
    const job = this.#jobOf(run);
    const line = this.#statuses.describe({
      ...run,
      name: job?.slug ?? `of job ${shortId(run.job_id)}`,
      from,
      queuedAt: queuedAt(run),
      startedAt: run.started_at,
      endedAt: run.finished_at,
      error: this.#errorOf(run),
      note: this.#note(run, from, job),
      ...(from === undefined ? { origin: originOf(run) } : {}),
    });
    this.#answers.delete(run.id);
    return { ...line, facts: job === undefined ? {} : { job } };
  }

  /** Keeps what the endpoint of a run answered, for the line that says that the attempt failed. */
  pushFailed({ run_id, body }: StraitEvents["run:push:failed"]): void {
    this.#answers.set(run_id, body);
  }

  /** The slug of the job of a run that has not ended. */
  nameOf(runId: string): string | undefined {
    return this.#statuses.nameOf(runId);
  }

  /** See `StatusLines.forget`. */
  forget(): void {
    this.#statuses.forget();
    this.#answers.clear();
  }

  /** Why the run, or an attempt of it, failed, with what its endpoint said. */
  #errorOf({ id, error }: Run): string | undefined {
    const answer = this.#answers.get(id);
    if (error === undefined || answer === undefined) return error;
    return `${error}: ${cut(onOneLine(answer), LONGEST_ANSWER)}`;
  }

  #jobOf(run: Run): JobFacts | undefined {
    const job = this.#jobs.ofRun(run);
    return job && { slug: job.slug, max_attempts: run.max_attempts_override ?? maxAttemptsOf(job.definition) };
  }

  #note(run: Run, from: RunStatus | undefined, job: JobFacts | undefined): string {
    const { status, scheduled_at } = run;
    const retry = from === "executing" && status === "queued" ? run.next_retry_at : undefined;
    if (retry !== undefined) return this.#describeFailure(run, Date.parse(retry), job);
    return status === "delayed" ? this.#describeDelay(scheduled_at) : "";
  }

  /** Describes the failure of the previous attempt. */
  #describeFailure(run: Run, retryAt: number, job: JobFacts | undefined): string {
    const { attempt } = run;
    const error = this.#errorOf(run) ?? "";
    const count = job === undefined ? attempt - 1 : `${attempt - 1} of ${job.max_attempts}`;
    // The code below describes what happens next.
    const [reason = ""] = error.replace(/; retry scheduled$/, "").split("\n");
    // To a tenth of a second, as a moment has passed since then: 1.0 s and not 999 ms.
    const delay = describeDuration(Math.ceil(Math.max(0, retryAt - this.#now()) / 100) * 100);
    return `, attempt ${count} failed: ${onOneLine(reason)}, again in ${delay}`;
  }

  /** @param until absent when the execution window of the run's job never comes */
  #describeDelay(until: string | undefined): string {
    if (until === undefined) return " until it expires: the execution window of its job never comes";
    const [today] = localTime(this.#now());
    const [day, time] = localTime(Date.parse(until));
    return ` until ${day === today ? "" : `${day} `}${time}`;
  }
}

/** The time at which the run may start; it is valid for the first attempt only. */
function queuedAt({ attempt, next_retry_at, scheduled_at, created_at }: Run): string | undefined {
  return next_retry_at ?? (attempt === 1 ? (scheduled_at ?? created_at) : undefined);
}

/** The origin of the run, unless a client has just triggered it. */
function originOf({ triggered_by, parent_run_id, continuation_of, replayed_run_id }: Run): string {
  if (replayed_run_id !== undefined) return `, replays run ${shortId(replayed_run_id)}`;
  if (continuation_of !== undefined) return `, continues run ${shortId(continuation_of)}`;
  if (triggered_by === "manual") return "";
  const parent = parent_run_id === undefined ? "" : ` run ${shortId(parent_run_id)}`;
  if (triggered_by === "job_chain") return `, follows${parent}`;
  if (triggered_by === "job_failure") return `, follows the failure of${parent}`;
  if (triggered_by === "spawn") return `, spawned by${parent}`;
  return `, by ${triggered_by}${parent === "" ? "" : ` of${parent}`}`;
}

/** Day and time of the computer's zone: `2026-01-31`, and `03:00` or, with seconds that are not 0, `03:00:05`. */
function localTime(ms: number): [day: string, time: string] {
  // Swedes write dates as ISO 8601 does.
  const [day = "", time = ""] = new Date(ms).toLocaleString("sv-SE").split(" ");
  return [day, time.replace(/:00$/, "")];
}
