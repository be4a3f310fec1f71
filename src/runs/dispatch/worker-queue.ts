import type { Config } from "../../config.ts";
import type { Clock } from "../../core/clock.ts";
import type { EventBus } from "../../core/events.ts";
import type { IdSource } from "../../core/ids.ts";
import type { OpenPolls } from "../../core/open-polls.ts";
import { WaitingLine } from "../../core/waiting-line.ts";
import type { Database } from "../../database/database.ts";
import type { RunsEvents } from "../events.ts";
import { timeoutSecondsOf } from "../jobs/job.ts";
import type { JobService } from "../jobs/service.ts";
import { toRun } from "../runs/run.ts";
import type { Run } from "../runs/schema.ts";
import type { RunService } from "../runs/service.ts";
import type { TokenHolder, TokenService } from "../tokens/service.ts";
import type { ConcurrencyLimits } from "./limits.ts";
import type { DispatchStore } from "./store.ts";

export interface WorkerQueueOptions {
  database: Database;
  events: EventBus<RunsEvents>;
  clock: Clock;
  ids: IdSource;
  config: Pick<Config, "nextJobPollTimeoutMs">;
  openPolls: OpenPolls;
  store: DispatchStore;
  runs: RunService;
  jobs: JobService;
  tokens: TokenService;
  limits: ConcurrencyLimits;
}

/** What a worker is given. */
export interface HandedOut {
  run: Run;
  run_token: string;
  job_slug: string;
  timeout_secs: number;
  /** Which hand-out this is; the token is good for no other. */
  assignment_id: string;
}

/** Hands runs of `execution_mode` `worker` to whoever asks for one of their queue; asking waits for one. */
export class WorkerQueue {
  readonly #options: WorkerQueueOptions;
  readonly #polls: WaitingLine<HandedOut>;
  /** By run, its hand-out that nobody has made use of yet: only these can be taken back. */
  readonly #unheard = new Map<string, string>();

  constructor(options: WorkerQueueOptions) {
    this.#options = options;
    this.#polls = new WaitingLine(options.clock, options.openPolls);
    const { events } = options;
    events.on("run:created", ({ run }) => this.#offer(run));
    events.on("run:status:changed", ({ run, from }) => {
      if (from === "executing") this.#unheard.delete(run.id);
      if (run.status === "queued" || from === "executing") this.#offer(run);
    });
    events.on("run:job:changed", ({ job }) => this.#polls.notify(job.queue ?? ""));
  }

  /** How many hand-outs nobody has made use of yet. */
  get unheard(): number {
    return this.#unheard.size;
  }

  /**
   * The queue's next run, executing now; waits for one as Opik's poll for a job does.
   * @returns `undefined` when none came in time, the client has gone or the server is stopping
   * @throws TooManyOpenPollsError
   */
  next(queue: string, signal: AbortSignal): Promise<HandedOut | undefined> {
    const timeoutMs = this.#options.config.nextJobPollTimeoutMs;
    return this.#polls.wait({ key: queue, timeoutMs, signal, take: () => this.#take(queue) });
  }

  /** The worker that got this run never read it: the run waits for another one, in its old place. */
  takeBack({ run: { id }, assignment_id }: HandedOut): void {
    const { database, runs } = this.#options;
    database.transaction(() => {
      const run = runs.find(id);
      const isUntouched = run?.status === "executing" && this.#unheard.get(id) === assignment_id;
      if (isUntouched) runs.transition(run, "queued", { started_at: null, heartbeat_at: null });
    });
  }

  /** A worker speaks: its hand-out has arrived. */
  heard({ runId, assignmentId }: TokenHolder): void {
    if (this.#unheard.get(runId) === assignmentId) this.#unheard.delete(runId);
  }

  /** A run of the queue may be handed out now. */
  wake(queue: string): void {
    this.#polls.notify(queue);
  }

  /** Answers all held polls with nothing and forgets what is not in the database. */
  reset(): void {
    this.#polls.dismissAll();
    this.#unheard.clear();
  }

  /** Answers all held polls with nothing, now and from now on. */
  stop(): void {
    this.#polls.close();
  }

  #offer(run: Run): void {
    if (run.execution_mode !== "worker") return;
    this.#polls.notify(run.queue_name ?? "");
  }

  #take(queue: string): HandedOut | undefined {
    const { database, store, limits, clock, ids, runs, jobs, tokens } = this.#options;
    return database.transaction(() => {
      const candidate = limits.first(store.readyForWorkers(queue, clock.now()));
      const run = candidate && runs.find(candidate.id);
      const job = run && jobs.ofRunAtStart(run);
      if (run === undefined || job === undefined) return undefined;
      const assignment_id = ids.uuid();
      const executing = runs.transition(run, "executing", { assignment_id, error: null, error_class: null });
      const timeout_secs = run.timeout_secs_override ?? timeoutSecondsOf(job.definition);
      const run_token = tokens.mint(executing, timeout_secs);
      this.#unheard.set(run.id, assignment_id);
      return { run: toRun(executing), run_token, job_slug: job.slug, timeout_secs, assignment_id };
    });
  }
}
