import type { VNode } from "preact";
import { get, type Job, type LogEntry, post, type Runner } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween } from "../format.ts";
import { type LiveEvent, useLive } from "../live.ts";
import { AgentForm } from "../parts/agent-form.tsx";
import { Id } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Logs } from "../parts/logs.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { Why } from "../parts/why.tsx";

/** A job: its life, its inputs and result, its logs as they come. */
export function JobPage({ id }: { id: string }): VNode {
  const path = `/v1/private/local-runners/jobs/${id}`;
  const isOfJob = ({ payload }: LiveEvent): boolean => (payload["job"] as Job | undefined)?.id === id;
  const job = useLive(
    id,
    async () => {
      const job = await get<Job>(path);
      const runner = await get<Runner>(`/v1/private/local-runners/${job.runner_id}`).catch(() => undefined);
      return { job, runner };
    },
    (event) => event.name === "job:status:changed" && isOfJob(event),
  );
  const logs = useLive(
    id,
    () => get<LogEntry[]>(`${path}/logs`),
    (event) => event.name === "job:logs:appended" && isOfJob(event),
  );
  if (job.value === undefined) return <Failure error={job.error} />;
  const { job: shown, runner } = job.value;
  const isOver = shown.completed_at !== undefined;
  const agent = runner?.agents?.find(({ name }) => name === shown.agent_name);
  return (
    <>
      <h1>
        {shown.agent_name} <Status value={shown.status ?? "pending"} />
      </h1>
      <p class="faint">
        <Id value={id} /> · on{" "}
        <a href={`${BASE}/runners/${shown.runner_id}`}>{runner?.name ?? "a runner that is gone"}</a> · created{" "}
        <Time value={shown.created_at} />
        {shown.trace_id !== undefined && (
          <>
            {" "}
            · <a href={`${BASE}/traces/${shown.trace_id}`}>trace</a>
          </>
        )}
      </p>
      <Timeline
        steps={[
          { label: "created", time: shown.created_at },
          { label: "assigned", time: shown.started_at, after: durationBetween(shown.created_at, shown.started_at) },
          {
            label: shown.status === "pending" || shown.status === "running" ? "finished" : (shown.status ?? "finished"),
            time: shown.completed_at,
            after: durationBetween(shown.started_at ?? shown.created_at, shown.completed_at),
          },
        ]}
      />
      {!isOver && <Why id={id} status={shown.status ?? "pending"} />}
      {!isOver && (
        <p>
          <button type="button" onClick={() => void post(`${path}/cancel`).then(job.refresh, job.refresh)}>
            Cancel
          </button>
        </p>
      )}
      {shown.error !== undefined && (
        <Section title="Error">
          <pre class="error">{shown.error}</pre>
        </Section>
      )}
      <div class="columns">
        <Section title="Inputs">
          <Json value={shown.inputs} />
        </Section>
        <Section title="Result">
          <Json value={shown.result} />
        </Section>
      </div>
      <Section title="Logs">
        <Failure error={logs.error} />
        <Logs lines={(logs.value ?? []).map(({ stream, text }) => ({ kind: stream, text }))} />
      </Section>
      {runner !== undefined && agent !== undefined && (
        <Section title="Run again">
          <AgentForm key={id} runner={runner} agent={agent} inputs={asRecord(shown.inputs)} />
        </Section>
      )}
    </>
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
