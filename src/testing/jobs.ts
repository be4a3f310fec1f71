import { RawJson, stringifyJson } from "../core/json.ts";
import type { LocalEvents } from "../opik-local.ts";
import type { Job, JobStatus } from "../opik/runners/jobs/schema.ts";

/** A job as tests see it: with plain values, which may lose what JavaScript cannot hold (`1.0`, big integers). */
export interface TestJob {
  id: string;
  runner_id: string;
  agent_name: string;
  project_id: string;
  status: JobStatus;
  inputs?: unknown;
  result?: unknown;
  error?: string;
  trace_id?: string;
  mask_id?: string;
  prompt_masks?: Record<string, string>;
  blueprint_name?: string;
  metadata?: Record<string, string>;
  /** Seconds that it may run. */
  timeout: number;
  created_at: string;
  started_at?: string;
  completed_at?: string;
  /** What the agent has printed so far. */
  logs: LogEntry[];
}

/** A piece of what an agent has printed. */
export interface LogEntry {
  stream: string;
  text: string;
}

/** A job to submit. */
export interface NewTestJob {
  /** Name of an agent that the project's runner has registered. */
  agent: string;
  /** Name of the project. */
  project: string;
  /** What the agent is called with; any JSON. */
  inputs?: unknown;
}

const ENDED: ReadonlySet<JobStatus> = new Set<JobStatus>(["completed", "failed", "cancelled"]);

export function hasJobEnded(status: JobStatus): boolean {
  return ENDED.has(status);
}

export function toTestJob(job: Job, logs: LogEntry[]): TestJob {
  return { ...(JSON.parse(stringifyJson(job)) as Omit<TestJob, "logs">), logs };
}

/** Any JavaScript value as free-form JSON; unlike fields of the API's own, `null` is kept. */
export function toRawJson(value: unknown): RawJson {
  return new RawJson(JSON.stringify(value ?? null));
}

/** Whether an event changes a job. */
export function isAboutJob(id: string, name: string, payload: unknown): boolean {
  const isJobEvent = name === "job:status:changed" || name === "job:logs:appended";
  return isJobEvent && (payload as LocalEvents["job:status:changed"]).job.id === id;
}

/**
 * What a job is at, for a wait that has failed.
 * @param runner the job's runner
 */
export function describeJob(id: string, job: TestJob | undefined, runner: RunnerState | undefined): string {
  if (job === undefined) return `there is no job ${id}`;
  const error = job.error === undefined ? "" : ` (${job.error})`;
  return `the job ${id} is ${job.status}${error}${job.status === "pending" ? describeRunner(runner) : ""}`;
}

/** A runner as far as it matters to a job that waits for it. */
interface RunnerState {
  id: string;
  name: string;
  isConnected: boolean;
  /** Whether it asks for jobs. */
  polls: boolean;
}

function describeRunner(runner: RunnerState | undefined): string {
  if (runner === undefined) return ", and its runner is gone";
  const { id, name, isConnected, polls } = runner;
  if (polls) return "";
  const state = isConnected ? `runner ${name} does not poll` : `runner ${name} is disconnected`;
  return `: ${state}: start an agent with OPIK_RUNNER_ID=${id}`;
}
