import type { Background } from "../../../core/background.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { OpikError } from "../../wire/errors.ts";
import type { HeartbeatService } from "../heartbeats/service.ts";
import { RunnerQueue } from "../runner-queue.ts";
import type { RunnerService } from "../service.ts";
import { type LogSize, withinLimits } from "./log-limit.ts";
import { JobReader } from "./reader.ts";
import { type JobRow, pendingRow, toJob } from "./row.ts";
import type { CreateJobRequest, Job, LogEntry, ReportResultRequest } from "./schema.ts";
import { JOB_STATES } from "./state-machine.ts";
import { JobStates } from "./states.ts";
import { JobStore } from "./store.ts";

export interface JobServiceDependencies {
  runners: RunnerService;
  heartbeats: HeartbeatService;
}

/** The rules of jobs: the queue of each runner, and the allowed changes of status [opik 3.2]. */
export class JobService extends JobReader implements Background {
  readonly #context: OpikContext;
  readonly #heartbeats: HeartbeatService;
  readonly #states: JobStates;
  readonly #queue: RunnerQueue<JobRow, Job>;

  constructor(context: OpikContext, dependencies: JobServiceDependencies) {
    super(new JobStore(context.database), dependencies.runners);
    this.#context = context;
    this.#heartbeats = dependencies.heartbeats;
    this.#states = new JobStates(context, this.store);
    this.#queue = new RunnerQueue(context, {
      pollTimeoutMs: context.config.nextJobPollTimeoutMs,
      assigned: "running",
      hasPending: (runnerId) => this.store.hasPending(runnerId),
      take: (runnerId) => this.#claim(runnerId),
      find: (id) => this.store.find(id),
      marked: () => this.store.unacknowledged(),
      clearMarks: (ids) => this.store.acknowledge(ids),
      putBack: (row) => this.#states.move(row, { status: "pending", started_at: null }),
    });
    this.runners.onRemoval((runner) => this.#failAllOf(runner.id));
  }

  /** Takes back the jobs that were assigned when the server was killed and that no client had acknowledged. */
  start(): void {
    this.#queue.start();
  }

  /** Offers a job that is pending to the polls of its runner, and forgets the assignment of one that is not running. */
  follow(job: JobRow): void {
    this.#queue.follow(job);
  }

  /** Ends the open polls of a runner that is gone. */
  dismiss(runnerId: string): void {
    this.#queue.dismiss(runnerId);
  }

  /** Whether the runner polls for jobs (see `RunnerQueue.isPolledBy`). */
  isPolledBy(runnerId: string): boolean {
    return this.#queue.isPolledBy(runnerId);
  }

  /** The number of open polls for jobs of this runner. */
  openPollsOf(runnerId: string): number {
    return this.#queue.openPollsOf(runnerId);
  }

  /** The ids of the runners that are about to poll for jobs. */
  get expectedPolls(): Set<string> {
    return this.#queue.expectedPolls;
  }

  /**
   * Queues a job for the endpoint runner that serves the project.
   * @returns its id
   * @throws OpikError in the real server's order: 404 no runner, 409 not connected, 400 unknown agent, 429 queue full
   */
  create(owner: Owner, request: CreateJobRequest): string {
    return this.#context.database.transaction(() => {
      const runner = this.runners.current(owner, request.project_id, "endpoint");
      if (runner === undefined) throw OpikError.errors(404, "No runner configured. Pair one from the Runners page.");
      if (!this.runners.isConnected(runner)) {
        throw OpikError.errors(409, "Your runner is not connected. Start it with: opik connect");
      }
      const agentTimeout = this.runners.agentTimeoutSeconds(runner, request.agent_name);
      if (agentTimeout === undefined)
        throw OpikError.errors(400, `Agent '${request.agent_name}' is not registered on this runner`);
      if (this.store.countPending(runner.id) >= this.#context.config.maxPendingJobsPerRunner) {
        throw OpikError.errors(429, "Too many pending jobs for this runner");
      }
      const row = pendingRow(owner, request, {
        id: this.#context.ids.uuid(),
        runnerId: runner.id,
        timeoutSeconds: agentTimeout > 0 ? agentTimeout : Math.floor(this.#context.config.jobTimeoutMs / 1000),
        createdAt: this.#context.clock.now(),
      });
      this.add(row);
      return row.id;
    });
  }

  /** Restores a job in any status, also when the queue is full, and emits an event. */
  add(row: JobRow): void {
    this.#context.database.transaction(() => this.#states.add(row));
  }

  /**
   * The runner's next job, now running; waits for one.
   * @returns `undefined` when none came in time, the client has gone or the server is stopping
   * @throws OpikError 404
   */
  async next(owner: Owner, runnerId: string, signal: AbortSignal): Promise<Job | undefined> {
    const jobs = await this.#queue.next(this.runners.require(owner, runnerId), 1, signal);
    return jobs?.[0];
  }

  /**
   * Assigns a pending job to an agent in this process, which needs no poll and acknowledges it at once.
   * @returns `undefined` when the job does not wait any more
   */
  assign(id: string): Job | undefined {
    return this.#context.database.transaction(() => {
      const row = this.store.find(id);
      if (row?.status !== "pending") return undefined;
      const change = { status: "running", started_at: this.#context.clock.now() } as const;
      this.#states.move(row, change);
      return toJob({ ...row, ...change });
    });
  }

  /** Takes back a job whose poll did not read the answer: it returns to the head of its queue. */
  takeBack(id: string): void {
    this.#queue.takeBack([id]);
  }

  /** Acknowledges a job whose poll has read the answer. */
  acknowledge(id: string): void {
    this.#queue.acknowledge([id]);
  }

  /**
   * Adds log entries, whatever the job's status: agents send their last ones after the result. Entries beyond the limit
   * are dropped; the last entry of the log reports it, and the console once.
   * @throws OpikError 400 for too many at once, 404
   */
  appendLogs(owner: Owner, id: string, entries: readonly LogEntry[]): void {
    const limit = this.#context.config.maxLogEntriesPerBatch;
    if (entries.length > limit) throw OpikError.errors(400, `Too many log entries. Maximum per batch is ${limit}`);
    this.#context.database.transaction(() => {
      const row = this.require(owner, id);
      // A report acknowledges the job: its client has read the answer of the poll.
      if (this.#queue.isMarked(id)) this.#update(row);
      const existing = this.store.logSize(id);
      const accepted = withinLimits(existing, entries, this.#context.config);
      this.#addLogs(row, accepted.entries, existing);
      if (!accepted.isReached) return;
      const message = `The log of job ${id} is full: further entries are dropped (OPIK_LOCAL_MAX_LOG_BYTES_PER_JOB, OPIK_LOCAL_MAX_LOG_ENTRIES_PER_JOB)`;
      this.#context.events.emit("client:notice", { message });
    });
  }

  /** Adds log entries, however many. */
  addLogs(job: JobRow, entries: readonly LogEntry[]): void {
    this.#context.database.transaction(() => this.#addLogs(job, entries, this.store.logSize(job.id)));
  }

  /**
   * Stores an agent's report on a job. A job that has ended does not change, and fields that are not sent keep their
   * values [opik 2.13].
   * @throws OpikError 400 for a status an agent cannot report, 404
   */
  report(owner: Owner, id: string, report: ReportResultRequest): void {
    if (report.status === "pending" || report.status === "cancelled") {
      throw OpikError.errors(400, "Invalid result status. Must be one of: [RUNNING, COMPLETED, FAILED]");
    }
    this.#context.database.transaction(() => {
      const row = this.require(owner, id);
      if (JOB_STATES.isFinal(row.status)) return;
      const { status, result, error, trace_id } = report;
      const fields = {
        result_json: result?.text ?? row.result_json,
        error: error ?? row.error,
        trace_id: trace_id ?? row.trace_id,
      };
      if (status !== "running") this.#states.move(row, { ...fields, status, completed_at: this.#context.clock.now() });
      // SDKs report only that a job runs: then there is nothing to write but the mark.
      else if ((result ?? error ?? trace_id) !== undefined || this.#queue.isMarked(id))
        this.#update({ ...row, ...fields });
    });
  }

  /**
   * Cancels a job. A pending job leaves the queue; the id of a running job is reported by the next heartbeats.
   * @throws OpikError 404
   */
  cancel(owner: Owner, id: string): void {
    this.#context.database.transaction(() => {
      const row = this.require(owner, id);
      if (JOB_STATES.isFinal(row.status)) return;
      if (row.status === "running") this.#heartbeats.announceCancellation(id, row.runner_id);
      this.#states.move(row, { status: "cancelled", completed_at: this.#context.clock.now() });
    });
  }

  /** Fails the jobs that have run for longer than they may. */
  failOverdue(): void {
    this.#context.database.transaction(() => {
      const now = this.#context.clock.now();
      for (const row of this.store.overdue(now)) {
        this.#states.move(row, {
          status: "failed",
          error: `Job timed out after ${row.timeout_seconds}s`,
          failure: "timed-out",
          completed_at: now,
        });
      }
    });
  }

  /**
   * Deletes the jobs that ended longer ago than they are kept.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.store.deleteCompleted(this.#context.clock.now() - this.#context.config.completedJobTtlMs);
  }

  /** Answers all open polls with the empty answer. */
  dismissAll(): void {
    this.#queue.dismissAll();
  }

  /** Clears what is not in the database; open polls go on. */
  reset(): void {
    this.#queue.reset();
  }

  /** Answers all open polls with the empty answer, also later ones. */
  stop(): void {
    this.#queue.close();
  }

  /** Takes back the jobs that no client has acknowledged, when nothing can be acknowledged any more. */
  takeBackUnread(): void {
    this.#queue.takeBackUnread();
  }

  #addLogs(job: JobRow, entries: readonly LogEntry[], existing: LogSize): void {
    if (entries.length === 0) return;
    this.store.appendLogs(job.id, entries, existing);
    this.#context.events.emit("job:logs:appended", { job, entries, offset: existing.entries });
  }

  /** Writes a job that stays in its status, and with it that it is acknowledged. */
  #update(row: JobRow): void {
    this.store.update(row);
    this.#queue.markCleared(row.id);
  }

  #claim(runnerId: string): ReadonlyMap<string, Job> {
    const row = this.#states.claim(runnerId, this.#context.clock.now());
    return new Map(row && [[row.id, toJob(row)]]);
  }

  #failAllOf(runnerId: string): void {
    for (const row of this.store.unfinished(runnerId)) {
      this.#states.move(row, {
        status: "failed",
        error: "Runner disconnected",
        failure: "runner-gone",
        completed_at: this.#context.clock.now(),
      });
    }
  }
}
