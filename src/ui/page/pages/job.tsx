import type { VNode } from "preact";
import { get, type Job, type Page, post, query, type Runner, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import { counted, durationBetween } from "../format.ts";
import { useJobLogs } from "../lists/job-logs.ts";
import { useLive } from "../live.ts";
import { Act } from "../parts/act.tsx";
import { AgentForm } from "../parts/agent-form.tsx";
import { Content } from "../parts/content.tsx";
import { FailureText } from "../parts/failure-text.tsx";
import { PageHeader } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Logs } from "../parts/logs.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";
import { type Step, Timeline } from "../parts/timeline.tsx";
import { Unread } from "../parts/unread.tsx";
import { Why } from "../parts/why.tsx";

interface Shown {
  job: Job;
  runner: Runner | undefined;
  /** The trace that the agent wrote, once it is there. */
  trace: Trace | undefined;
}

async function readJob(id: string): Promise<Shown> {
  const job = await get<Job>(`/v1/private/local-runners/jobs/${id}`);
  const [runner, trace] = await Promise.all([
    get<Runner>(`/v1/private/local-runners/${job.runner_id}`).catch(() => undefined),
    job.trace_id === undefined ? undefined : findTrace(job.project_id, job.trace_id),
  ]);
  return { job, runner, trace };
}

/** Looks in a list, because a trace that is not there yet would be a failed request. */
async function findTrace(projectId: string | undefined, id: string): Promise<Trace | undefined> {
  const filters = JSON.stringify([{ field: "id", operator: "=", value: id }]);
  const path = `/v1/private/traces${query({ project_id: projectId, filters, size: 1 })}`;
  return (await get<Page<Trace>>(path)).content[0];
}

/** A job: its life, its inputs and result, its logs as they come, and its trace. */
export function JobPage({ id }: { id: string }): VNode {
  const path = `/v1/private/local-runners/jobs/${id}`;
  const job = useLive(
    id,
    () => readJob(id),
    ({ name, payload }) =>
      name === "traces:written" || (name === "job:status:changed" && (payload["job"] as Job | undefined)?.id === id),
  );
  const logs = useJobLogs(id);
  if (job.value === undefined) return <Unread error={job.error} />;
  const { job: shown, runner, trace } = job.value;
  const status = shown.status ?? "pending";
  const isOver = shown.completed_at !== undefined;
  const agent = runner?.agents?.find(({ name }) => name === shown.agent_name);
  return (
    <>
      <PageHeader title={shown.agent_name ?? "A job"} status={status}>
        {!isOver && (
          <Act work={() => post(`${path}/cancel`)} onDone={job.refresh}>
            Cancel
          </Act>
        )}
      </PageHeader>
      <p class="about">
        <Id value={id} isPrinted /> · on{" "}
        <a href={`${BASE}/runners/${shown.runner_id}`}>{runner?.name ?? "a runner that is gone"}</a> · created{" "}
        <Time value={shown.created_at} />
        {shown.trace_id !== undefined && (
          <>
            {" · "}
            <a href={`${BASE}/traces/${shown.trace_id}`}>{trace === undefined ? "its trace" : `trace ${trace.name}`}</a>
          </>
        )}
        {shown.mask_id !== undefined && (
          <>
            {" · with "}
            <a href={`${BASE}/projects/${shown.project_id}/configuration?mask=${shown.mask_id}`}>a mask</a>
          </>
        )}
      </p>
      <Timeline steps={stepsOf(shown, logs.lines.length, trace)} />
      {!isOver && <Why id={id} status={status} />}
      {shown.error !== undefined && <FailureText text={shown.error} />}
      <div class="columns">
        <Content title="Inputs" value={shown.inputs} isRecord />
        <Content title="Result" value={shown.result} empty={isOver ? "none" : "not yet"} />
      </div>
      <Section title="Logs">
        <Failure error={logs.error} />
        <Logs lines={logs.lines.map(({ stream, text }) => ({ kind: stream, text }))} />
      </Section>
      {runner !== undefined && agent !== undefined && (
        <div class="unprinted">
          <Section title="Run again">
            <div class="forms">
              <AgentForm key={id} runner={runner} agent={agent} inputs={asRecord(shown.inputs)} />
            </div>
          </Section>
        </div>
      )}
    </>
  );
}

function stepsOf(job: Job, logLines: number, trace: Trace | undefined): Step[] {
  const { status = "pending", created_at, started_at, completed_at } = job;
  const steps: Step[] = [
    { label: "queued", time: created_at },
    { label: "assigned to the runner", time: started_at, after: durationBetween(created_at, started_at) },
    {
      label: completed_at === undefined ? "finished" : status,
      time: completed_at,
      after: durationBetween(started_at ?? created_at, completed_at),
      ...(logLines === 0 ? {} : { note: counted(logLines, "log line") }),
    },
  ];
  if (job.trace_id === undefined) return steps;
  return [...steps, { label: "trace written", time: trace?.created_at }];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
