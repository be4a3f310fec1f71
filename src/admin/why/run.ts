import { describeDuration } from "../../core/durations.ts";
import type { StoredJob } from "../../strait/definitions/jobs/job.ts";
import type { RunRow } from "../../strait/run/run.ts";
import type { StraitServices } from "../../strait/services.ts";
import type { Explanation } from "./schema.ts";

type Services = Pick<StraitServices, "jobs" | "runs" | "eventTriggers">;
type Reason = Pick<Explanation, "reason" | "advice">;

/** How many waits of a project are searched for the one of a run. */
const MAX_WAITS = 1_000;

/** The first thing in the way of an executor run. @param now milliseconds since the epoch */
export function explainRun(run: RunRow, services: Services, now: number): Reason {
  switch (run.status) {
    case "delayed":
      return {
        reason: run.scheduled_at === null ? "It is scheduled." : `It is scheduled ${inTime(run.scheduled_at, now)}.`,
        advice: `Wait, advance a virtual clock, or start it now: opik-local runs ${run.id} start`,
      };
    case "queued":
    case "dequeued":
      return explainQueued(run, services, now);
    case "executing":
      return explainExecuting(run, services, now);
    case "waiting":
      return explainWaiting(run, services, now);
    case "paused":
      return { reason: "It was paused.", advice: `Resume it: opik-local runs ${run.id} resume` };
    case "replay_staged":
      return { reason: "It is about to be replayed." };
    case "completed":
      return { reason: "Nothing is in its way." };
    case "canceled":
      return { reason: run.error === null ? "Its owner canceled it." : `The reason: ${run.error}` };
    case "expired":
      return { reason: "It was not started before it expired.", advice: "Trigger it again." };
    case "dead_letter":
      return {
        reason: `${run.attempt === 1 ? "Its only attempt" : `All of its ${run.attempt} attempts`} failed: ${run.error ?? "no reason"}`,
        advice: `Correct the executor${addressOf(run, services)} and replay it: opik-local runs ${run.id} replay`,
      };
    default:
      return {
        reason: `The reason: ${run.error ?? "none was given"}`,
        advice: `See its history: opik-local runs ${run.id}`,
      };
  }
}

/** Where the executor of a run listens: ` at http://127.0.0.1:3000`; nothing for workers. */
function addressOf(run: RunRow, { jobs }: Services): string {
  const url = jobs.find(run.job_id)?.definition.endpoint_url;
  return run.execution_mode === "worker" || url === undefined || url === "" ? "" : ` at ${url}`;
}

function explainQueued(run: RunRow, { jobs, runs }: Services, now: number): Reason {
  const job = jobs.find(run.job_id);
  if (job === undefined) return { reason: "Its job was deleted." };
  if (job.paused_at !== null) {
    const because = job.pause_reason === null ? "" : ` (${job.pause_reason})`;
    return {
      reason: `Its job ${job.slug} is paused${because}.`,
      advice: `Resume it: opik-local runs ${run.id} resume`,
    };
  }
  if (run.next_retry_at !== null && run.next_retry_at > now) {
    if (run.snooze_count > 0 && run.error !== null) {
      return {
        reason: `The ${run.error}, which is called again ${inTime(run.next_retry_at, now)}.`,
        advice: "Correct the executor that listens there; it failed several times in a row.",
      };
    }
    const failure = run.previous_error === null ? "" : ` The attempt before failed: ${run.previous_error}`;
    return {
      reason: `Attempt ${run.attempt} begins ${inTime(run.next_retry_at, now)}.${failure}`,
      advice: "Wait, or advance a virtual clock.",
    };
  }
  const executing = countExecuting(job, runs);
  const limit = Number(job.definition.max_concurrency ?? 0);
  if (limit > 0 && executing >= limit) {
    return {
      reason: `${executing} runs of its job execute, and max_concurrency is ${limit}.`,
      advice: "Wait for their end.",
    };
  }
  if (run.execution_mode === "worker") {
    return {
      reason: `It waits in the queue ${run.queue_name} for a worker.`,
      advice: `A worker takes it with POST /__local/runs/next?queue=${encodeURIComponent(run.queue_name)}, or with its run token.`,
    };
  }
  return {
    reason: `It is about to be pushed to ${job.definition.endpoint_url ?? "its endpoint"}.`,
    advice: "When it stays queued, its endpoint failed too often in a row and is not called for a while.",
  };
}

function explainExecuting(run: RunRow, { jobs }: Services, now: number): Reason {
  const job = jobs.find(run.job_id);
  const forMs = Math.max(0, now - (run.started_at ?? run.created_at));
  const executor =
    run.execution_mode === "worker" ? "A worker" : `The endpoint ${job?.definition.endpoint_url ?? ""}`.trim();
  const heartbeat =
    run.heartbeat_at === null
      ? "There is no heartbeat of it yet."
      : `Its last heartbeat was ${describeDuration(Math.max(0, now - run.heartbeat_at))} ago.`;
  return {
    reason: `${executor} executes attempt ${run.attempt} for ${describeDuration(forMs)}. ${heartbeat}`,
    advice: `See what it has logged: opik-local runs ${run.id}`,
  };
}

function explainWaiting(run: RunRow, { eventTriggers, runs }: Services, now: number): Reason {
  const caller = { projectId: run.project_id, environmentId: undefined, actor: "", scopes: undefined, internal: true };
  const query = { source_type: undefined, workflow_run_id: undefined, cursor: undefined };
  const { data } = eventTriggers.list(caller, { ...query, status: "waiting", limit: MAX_WAITS });
  const wait = data.find(({ job_run_id }) => job_run_id === run.id);
  if (wait === undefined) return { reason: "It waits." };
  const end = `It times out ${inTime(Date.parse(wait.expires_at), now)}.`;
  const [child] = runs.unfinishedChildren(run.id);
  if (child !== undefined && wait.event_key.includes(child.id)) {
    return {
      reason: `It waits for its child ${child.id}, which is ${child.status}. ${end}`,
      advice: `opik-local why ${child.id}`,
    };
  }
  if (wait.trigger_type === "sleep") return { reason: `It sleeps. ${end}` };
  return {
    reason: `It waits for the event ${wait.event_key}. ${end}`,
    advice: `Send the event: opik-local event ${wait.event_key}`,
  };
}

function countExecuting(job: StoredJob, runs: Services["runs"]): number {
  return runs
    .countByStatus()
    .filter(({ job_id, status }) => job_id === job.id && status === "executing")
    .reduce((sum, { count }) => sum + count, 0);
}

function inTime(at: number, now: number): string {
  return at <= now ? "now" : `in ${describeDuration(at - now)}`;
}
