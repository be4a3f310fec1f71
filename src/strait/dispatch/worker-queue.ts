import { Assignments } from "../../core/assignments.ts";
import { attempt } from "../../core/attempt.ts";
import type { Background } from "../../core/background.ts";
import { WaitingLine } from "../../core/waiting-line.ts";
import type { TokenHolder, TokenService } from "../access/tokens/service.ts";
import type { StraitContext } from "../context.ts";
import { timeoutSecondsOf } from "../definitions/jobs/job.ts";
import type { JobService } from "../definitions/jobs/service.ts";
import { type RunRow, toRun } from "../run/run.ts";
import type { Run, RunStatus } from "../run/schema.ts";
import type { RunService } from "../run/service.ts";
import type { ConcurrencyLimits } from "./limits.ts";
import type { DispatchStore } from "./store.ts";

export interface WorkerQueueDependencies {
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  tokens: TokenService;
  limits: ConcurrencyLimits;
}

/** The answer to a worker's poll. */
export interface AssignedRun {
  run: Run;
  run_token: string;
  job_slug: string;
  timeout_secs: number;
  /** The id of the assignment, for which alone the token is valid. */
  assignment_id: string;
}

/** Assigns runs of `execution_mode` `worker` to workers that poll for one of their queue; a poll waits for one. */
export class WorkerQueue implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: WorkerQueueDependencies;
  readonly #polls: WaitingLine<AssignedRun>;
  /** Assignments that are not acknowledged; only these can be taken back. */
  readonly #assignments: Assignments;

  constructor(context: StraitContext, dependencies: WorkerQueueDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#polls = new WaitingLine(context.clock, context.openPolls);
    const { clock, reportError } = context;
    const { runs } = dependencies;
    this.#assignments = new Assignments({ clock, onError: reportError, clearMarks: (ids) => runs.acknowledge(ids) });
  }

  /** Offers a run that was made or has changed, or the place that it leaves, to the polls of its queue. */
  follow(run: RunRow, from?: RunStatus): void {
    if (from === "executing") this.#assignments.remove(run.id);
    if (run.execution_mode !== "worker") return;
    if (from === undefined || run.status === "queued" || from === "executing") this.wake(run.queue_name);
  }

  /** Takes back the runs that were assigned when the server was killed and that no worker had acknowledged. */
  start(): void {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    database.transaction(() => {
      for (const run of runs.unacknowledged()) this.#putBack(run);
    });
  }

  /**
   * The queue's next run, executing now; waits for one as Opik's poll for a job does.
   * @returns `undefined` when none came in time, the client has gone or the server is stopping
   * @throws TooManyOpenPollsError
   */
  next(queue: string, signal: AbortSignal): Promise<AssignedRun | undefined> {
    const timeoutMs = this.#context.config.nextJobPollTimeoutMs;
    return this.#polls.wait({ key: queue, timeoutMs, signal, take: () => this.#take(queue) });
  }

  /** The worker that got this run never read it: the run waits for another one, in its old place. */
  takeBack({ run: { id }, assignment_id }: AssignedRun): void {
    this.takeBackUnacknowledged(id, assignment_id);
  }

  /**
   * Queues a run again, in its old place and with the same attempt, if no worker has acknowledged its assignment.
   * @param assignmentId default the present one
   * @returns whether the run was queued again
   */
  takeBackUnacknowledged(runId: string, assignmentId?: string): boolean {
    const { database } = this.#context;
    const { runs } = this.#dependencies;
    if (!this.#assignments.has(runId)) return false;
    return database.transaction(() => {
      const run = runs.find(runId);
      if (run?.status !== "executing") return false;
      if (assignmentId !== undefined && run.assignment_id !== assignmentId) return false;
      this.#putBack(run);
      return true;
    });
  }

  /** The worker that got this run has read it. */
  acknowledge({ run }: AssignedRun): void {
    this.#assignments.acknowledge([run.id]);
  }

  /** Acknowledges an assignment, whose token a worker has used to report. */
  reported({ runId, assignmentId }: TokenHolder): void {
    if (assignmentId !== undefined) this.#assignments.acknowledge([runId]);
  }

  /** Reports that a run of the queue may be assigned. */
  wake(queue: string): void {
    this.#polls.notify(queue);
  }

  /** Answers all open polls with the empty answer and clears what is not in the database. */
  reset(): void {
    this.#polls.dismissAll();
    this.#assignments.reset();
  }

  /** Answers all open polls with the empty answer, also later ones. */
  stop(): void {
    this.#polls.close();
  }

  /** Takes back the runs that no worker has acknowledged, when nothing can be acknowledged any more. */
  takeBackUnread(): void {
    const { database, reportError } = this.#context;
    const { runs } = this.#dependencies;
    const ids = this.#assignments.close();
    attempt(() => {
      database.transaction(() => {
        for (const run of ids.map((id) => runs.find(id))) if (run?.status === "executing") this.#putBack(run);
      });
    }, reportError);
  }

  #putBack(run: RunRow): void {
    this.#dependencies.runs.transition(run, "queued", { started_at: null, heartbeat_at: null });
  }

  #take(queue: string): AssignedRun | undefined {
    const { database, clock, ids } = this.#context;
    const { store, limits, runs, jobs, tokens } = this.#dependencies;
    return database.transaction(() => {
      const candidate = limits.first(store.readyForWorkers(queue, clock.now()));
      const run = candidate && runs.find(candidate.id);
      const start = run && jobs.ofRunAtStart(run);
      if (run === undefined || start === undefined) return undefined;
      const { job, version } = start;
      const assignment_id = ids.uuid();
      const change = { ...version, assignment_id, unacknowledged: 1, error: null, error_class: null } as const;
      const executing = runs.transition(run, "executing", change, { job });
      const timeout_secs = run.timeout_secs_override ?? timeoutSecondsOf(job.definition);
      const run_token = tokens.mint(executing, timeout_secs);
      this.#assignments.add(run.id);
      return { run: toRun(executing), run_token, job_slug: job.slug, timeout_secs, assignment_id };
    });
  }
}
