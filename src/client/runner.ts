import type { Clock, Timer } from "../core/clock.ts";
import { type Call, RefusedError } from "./call.ts";
import { LOCAL_RUNNERS } from "./jobs.ts";
import type { PlainJob } from "./plain.ts";

/** How often a runner sends a heartbeat, as the SDKs do. */
const HEARTBEAT_INTERVAL_MS = 5_000;

/** The answers to a runner that is gone: never there, removed, or replaced by a newer one. */
const GONE: ReadonlySet<number> = new Set([404, 410]);

export interface RunnerOptions {
  id: string;
  name: string;
  /** Name of its project. */
  project: string;
  call: Call;
  /** Times the heartbeats; `undefined` for a runner that sends none by itself. */
  clock: Clock | undefined;
}

/** A runner that is made of requests of this process, as the SDKs send them. */
export class ConnectedRunner implements AsyncDisposable {
  readonly id: string;
  readonly name: string;
  /** Name of its project. */
  readonly project: string;
  readonly #call: Call;
  readonly #clock: Clock | undefined;
  readonly #end = new AbortController();
  /** Jobs whose end was not reported, by their ids. */
  readonly #open = new Map<string, AbortController>();
  #heartbeat: Timer | undefined;

  constructor({ id, name, project, call, clock }: RunnerOptions) {
    this.id = id;
    this.name = name;
    this.project = project;
    this.#call = call;
    this.#clock = clock;
    this.#scheduleHeartbeat();
  }

  /**
   * Asks for jobs, one after the other, and waits for each. It ends when the runner does: after `disconnect`, when a newer
   * runner takes its place, or when the server is reset or stopped.
   *
   * ```ts
   * for await (const job of runner.jobs()) await job.complete({ echo: job.inputs });
   * ```
   * @throws RefusedError when the server refuses a poll for another reason
   */
  async *jobs(): AsyncGenerator<RunnerJob, void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const job = await this.#next(signal);
      if (job !== undefined) yield job;
    }
  }

  /**
   * Sends a heartbeat. Jobs that were cancelled meanwhile have an aborted `signal` then.
   * @returns the ids of jobs that were cancelled
   * @throws RefusedError 410 when the runner is gone
   */
  async heartbeat(): Promise<string[]> {
    const path = `${LOCAL_RUNNERS}/${this.id}/heartbeats`;
    const { cancelled_job_ids: ids } = (await this.#call("POST", path, { body: {} })).json<{
      cancelled_job_ids: string[];
    }>();
    for (const id of ids) this.#open.get(id)?.abort();
    return ids;
  }

  /** Disconnects from the server, and ends the polls and heartbeats. Safe to call twice. */
  async disconnect(): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.end();
    await this.#call("DELETE", `${LOCAL_RUNNERS}/${this.id}`);
  }

  /** Ends the polls and heartbeats without a request to the server, as a killed process does. */
  end(): void {
    this.#heartbeat?.cancel();
    this.#end.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /** @returns `undefined` when no job came in time, or when the runner has ended */
  async #next(signal: AbortSignal): Promise<RunnerJob | undefined> {
    try {
      const path = `${LOCAL_RUNNERS}/${this.id}/jobs/next`;
      const job = (await this.#call("POST", path, { signal })).json<PlainJob | null>();
      if (job === null) return undefined;
      const cancelled = new AbortController();
      this.#open.set(job.id, cancelled);
      const onEnd = (): void => void this.#open.delete(job.id);
      return new RunnerJob(job, { call: this.#call, signal: cancelled.signal, onEnd });
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof RefusedError) || !GONE.has(error.status)) throw error;
      this.end();
      return undefined;
    }
  }

  #scheduleHeartbeat(): void {
    this.#heartbeat = this.#clock?.schedule(HEARTBEAT_INTERVAL_MS, () => {
      // A runner that is gone learns that from its next poll.
      this.heartbeat().catch(() => undefined);
      this.#scheduleHeartbeat();
    });
  }
}

interface RunnerJobOptions {
  call: Call;
  signal: AbortSignal;
  onEnd: () => void;
}

/** A job that a runner has been assigned. */
export class RunnerJob {
  readonly id: string;
  /** Name of the agent that is called. */
  readonly agent: string;
  readonly inputs: unknown;
  /** The job as the server has assigned it. */
  readonly job: PlainJob;
  /** Aborted when a heartbeat reports that the job was cancelled. */
  readonly signal: AbortSignal;
  readonly #call: Call;
  readonly #onEnd: () => void;

  constructor(job: PlainJob, { call, signal, onEnd }: RunnerJobOptions) {
    this.id = job.id;
    this.agent = job.agent_name;
    this.inputs = job.inputs;
    this.job = job;
    this.signal = signal;
    this.#call = call;
    this.#onEnd = onEnd;
  }

  /** Appends a text to the job's log. @param stream `stdout` or `stderr` */
  async log(text: string, stream: "stdout" | "stderr" = "stdout"): Promise<void> {
    await this.#call("POST", `${LOCAL_RUNNERS}/jobs/${this.id}/logs`, { body: [{ stream, text }] });
  }

  /**
   * Reports that the job is completed. As with the SDKs, the report of a job that was cancelled is ignored.
   * @param result any JSON
   * @param options `traceId`: the trace that the agent has written
   */
  complete(result?: unknown, options: { traceId?: string } = {}): Promise<void> {
    return this.#report({ status: "completed", result, trace_id: options.traceId });
  }

  /** Reports that the job has failed. */
  fail(error: string | Error, options: { traceId?: string } = {}): Promise<void> {
    return this.#report({ status: "failed", error: String(error), trace_id: options.traceId });
  }

  async #report(body: object): Promise<void> {
    await this.#call("POST", `${LOCAL_RUNNERS}/jobs/${this.id}/results`, { body });
    this.#onEnd();
  }
}
