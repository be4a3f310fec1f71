import { describeDuration } from "../../core/durations.ts";
import { printedText } from "../../core/printed-text.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { FixtureTargets } from "../../fixtures/load/loader.ts";
import type { Job } from "../../opik/runners/jobs/schema.ts";
import type { RunnerRow } from "../../opik/runners/store.ts";
import type { Explanation } from "./schema.ts";

type Services = Pick<FixtureTargets, "projects" | "runners" | "jobs">;
type Reason = Pick<Explanation, "reason" | "advice">;

/** The first thing in the way of a job of a runner. @param now milliseconds since the epoch */
export function explainJob(job: Job, services: Services, now: number): Reason {
  switch (job.status) {
    case "pending":
      return explainPending(job, services, now);
    case "running":
      return explainRunning(job, services, now);
    case "failed":
      return {
        reason: job.error === undefined ? "Its agent gave no reason." : `The reason: ${job.error}`,
        advice: `See what the agent printed: opik-local logs ${job.id}`,
      };
    case "cancelled":
      return { reason: "A client cancelled it." };
    default:
      return { reason: "Nothing is in its way." };
  }
}

function explainPending(job: Job, services: Services, now: number): Reason {
  const { runners, jobs } = services;
  const runner = runners.byId(job.runner_id);
  if (runner === undefined) return { reason: "Its runner was removed.", advice: "Submit it again for another runner." };
  const start = adviceToStart(runner, services);
  if (!runners.isConnected(runner)) {
    const forMs = Math.max(0, now - runner.alive_until);
    return {
      reason: `Its runner ${runner.name} has been disconnected for ${describeDuration(forMs)}: it sends no heartbeat.`,
      advice: start,
    };
  }
  if (runners.agentTimeoutSeconds(runner, job.agent_name) === undefined) {
    return {
      reason: `Its runner ${runner.name} has registered no agent ${job.agent_name}.`,
      advice: `Start one that does, or cancel the job: opik-local cancel ${job.id}`,
    };
  }
  if (!jobs.isPolledBy(runner.id)) {
    return { reason: `Its runner ${runner.name} is connected and does not poll for jobs.`, advice: start };
  }
  const unfinished = jobs.unfinishedOf(runner.id);
  const before = unfinished.findIndex(({ id }) => id === job.id);
  const running = unfinished.filter(({ status }) => status === "running").length;
  const ahead =
    before === 0 ? "It is the next one." : `Before it are ${before - running} pending and ${running} running jobs.`;
  return {
    reason: `Its runner ${runner.name} polls. ${ahead}`,
    advice: "It is assigned with one of the next polls.",
  };
}

/** How its agents are started again, or another runner in its place. */
function adviceToStart({ id, name, project_id }: RunnerRow, { projects, runners }: Services): string {
  const isNamesake = runners.all().some((other) => other.name === name && other.id !== id);
  const project = projects.all().find((one) => one.id === project_id)?.name ?? project_id;
  const again = `opik-local endpoint --runner ${shellWord(isNamesake ? id : name)} -- COMMAND`;
  return `Start its agents with \`${again}\`, or pair another one with \`opik endpoint --project ${shellWord(project)} -- COMMAND\`.`;
}

function explainRunning(job: Job, { runners, jobs }: Services, now: number): Reason {
  const runner = runners.byId(job.runner_id);
  const startedAt = Date.parse(job.started_at ?? job.created_at);
  const leftMs = startedAt + job.timeout * 1000 - now;
  const limit = leftMs > 0 ? `It times out in ${describeDuration(leftMs)}.` : "Its time is over: it fails soon.";
  if (runner === undefined || !runners.isConnected(runner)) {
    return {
      reason: `Its runner ${runner?.name ?? job.runner_id} has stopped sending heartbeats. ${limit}`,
      advice: "If its process has ended, start the agent and submit the job again.",
    };
  }
  const [last] = jobs.logsOf(job.id).slice(-1);
  const printed =
    last === undefined
      ? "Its agent has printed nothing."
      : `Its agent printed last: ${printedText(last.text).trimEnd()}`;
  return {
    reason: `Its agent executes it for ${describeDuration(Math.max(0, now - startedAt))}. ${limit} ${printed}`,
    advice: `Follow it with: opik-local logs -f ${job.id}`,
  };
}
