import type { LogEntry, PlainJob } from "../client/plain.ts";
import { RawJson } from "../core/json.ts";
import type { LocalEvents } from "../opik-local.ts";
import { type Job, JOB_STATUSES, type JobStatus } from "../opik/runners/jobs/schema.ts";
import { checkNames } from "./checks.ts";
import { plain, type Running } from "./running.ts";
import { type WaitOptions, waitForStatus } from "./waiting.ts";

/** A job as tests see it. */
export interface TestJob extends PlainJob {
  /** The output of the agent so far. */
  logs: LogEntry[];
}

/** A job to submit. */
export interface NewTestJob {
  /** Name of an agent that the project's runner has registered. */
  agent: string;
  /** Name of the project. */
  project: string;
  /** The agent's inputs; any JSON. */
  inputs?: unknown;
}

/** The jobs of Opik's runners. */
export interface TestJobs {
  /**
   * Submits a job, as `POST /jobs` does.
   * @returns its id
   * @throws Error for a project that does not exist, or with the API's answer, such as 409 not connected
   */
  create(job: NewTestJob): string;

  /** Returns a job; `undefined` when there is none with that id. */
  get(id: string): TestJob | undefined;

  /** Returns all jobs in the order in which they were created. */
  list(): TestJob[];

  /**
   * Cancels a job, as `POST /jobs/{id}/cancel` does.
   * @throws Error with the API's answer: 404 for an unknown job, 409 when it has ended
   */
  cancel(id: string): void;

  /**
   * Waits until a job has a status, or fulfils a condition on its status and its logs.
   *
   * ```ts
   * await opik.jobs.waitFor(id, "completed");
   * await opik.jobs.waitFor(id, (job) => job.logs.length > 0, { timeoutMs: 1_000 });
   * ```
   * The logs are complete once the job has ended: the TypeScript SDK sends them before the result (opik 2.0.40,
   * `executeJob`). The Python SDK sends its last batch up to a second after it: wait for what the test reads,
   * `waitFor(id, (job) => job.status === "completed" && job.logs.length > 0)`.
   * @throws WaitTimeoutError, or an Error at once when the job has ended in another status, or there is no such job or
   * status
   */
  waitFor(id: string, wanted: JobStatus | ((job: TestJob) => boolean), options?: WaitOptions): Promise<TestJob>;
}

const ENDED: ReadonlySet<JobStatus> = new Set<JobStatus>(["completed", "failed", "cancelled"]);

/** `TestJobs` of a server in this process. */
export class LocalJobs implements TestJobs {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  create(job: NewTestJob): string {
    checkNames(Object.keys(job), ["agent", "project", "inputs"], "field of a job");
    const { agent, project, inputs } = job;
    const { server, owner } = this.#running();
    const { opik } = server;
    const project_id = opik.projects.idByName(owner, project);
    if (project_id === undefined) throw new Error(`There is no project "${project}".`);
    return opik.jobs.create(owner, {
      agent_name: agent,
      project_id,
      inputs: inputs === undefined ? undefined : toRawJson(inputs),
      mask_id: undefined,
      prompt_masks: undefined,
      blueprint_name: undefined,
      metadata: undefined,
    });
  }

  get(id: string): TestJob | undefined {
    const job = this.#running().server.opik.jobs.find(id);
    return job && this.#toTestJob(job);
  }

  list(): TestJob[] {
    const { server, sees } = this.#running();
    const { jobs, projects } = server.opik;
    const seen = new Set(projects.all().flatMap(({ id, workspace }) => (sees(workspace) ? [id] : [])));
    return jobs
      .all()
      .filter(({ project_id }) => seen.has(project_id))
      .map((job) => this.#toTestJob(job));
  }

  cancel(id: string): void {
    const { server, owner } = this.#running();
    server.opik.jobs.cancel(owner, id);
  }

  async waitFor(id: string, wanted: JobStatus | ((job: TestJob) => boolean), options?: WaitOptions): Promise<TestJob> {
    return waitForStatus<TestJob>({
      options,
      events: this.#running().server.events,
      method: this.waitFor,
      wanted,
      find: () => this.get(id),
      isAbout: (name, payload) => isAboutJob(id, name, payload),
      isEnd: (status) => ENDED.has(status),
      kind: "job",
      statuses: JOB_STATUSES,
      describe: (job) => describeJob(id, job, job && this.#runnerOf(job)),
    });
  }

  #runnerOf({ runner_id }: TestJob): RunnerState | undefined {
    const { runners, jobs } = this.#running().server.opik;
    const runner = runners.byId(runner_id);
    return runner && { ...runner, isConnected: runners.isConnected(runner), polls: jobs.isPolledBy(runner.id) };
  }

  #toTestJob(job: Job): TestJob {
    return { ...plain<PlainJob>(job), logs: this.#running().server.opik.jobs.logsOf(job.id) };
  }
}

/** Any JavaScript value as free-form JSON; unlike fields of the API's own, `null` is kept. */
export function toRawJson(value: unknown): RawJson {
  return new RawJson(JSON.stringify(value ?? null));
}

/** Whether an event changes a job. */
function isAboutJob(id: string, name: string, payload: unknown): boolean {
  const isJobEvent = name === "job:status:changed" || name === "job:logs:appended";
  return isJobEvent && (payload as LocalEvents["job:status:changed"]).job.id === id;
}

/** Describes a job for a wait that has failed. */
function describeJob(id: string, job: TestJob | undefined, runner: RunnerState | undefined): string {
  if (job === undefined) return `there is no job ${id}`;
  const error = job.error === undefined ? "" : ` (${job.error})`;
  return `the job ${id} is ${job.status}${error}${job.status === "pending" ? describeRunner(runner) : ""}`;
}

/** A runner as far as it matters to a job that waits for it. */
interface RunnerState {
  name: string;
  isConnected: boolean;
  /** Whether it asks for jobs. */
  polls: boolean;
}

function describeRunner(runner: RunnerState | undefined): string {
  if (runner === undefined) return ", and its runner was removed";
  const { name, isConnected, polls } = runner;
  if (polls) return "";
  const state = isConnected ? `runner ${name} does not poll` : `runner ${name} is disconnected`;
  return `: ${state}: start an agent with the variables of runners.environment(${JSON.stringify(name)})`;
}
