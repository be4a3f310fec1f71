import type { VNode } from "preact";
import {
  type Checkpoint,
  type Cursored,
  get,
  type Output,
  query,
  type Run,
  type RunEvent,
  type RunJob,
  type RunParts,
} from "../api.ts";
import { BASE } from "../base.ts";
import { compareTimes, durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Content } from "../parts/content.tsx";
import { FailureText } from "../parts/failure-text.tsx";
import { PageHeader } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Logs } from "../parts/logs.tsx";
import { Failure } from "../parts/notice.tsx";
import { isEnded, RunActions } from "../parts/run-actions.tsx";
import { RunAttempts } from "../parts/run-attempts.tsx";
import { RunHistory } from "../parts/run-history.tsx";
import { RunStream } from "../parts/run-stream.tsx";
import { Section } from "../parts/section.tsx";
import { SendEvent } from "../parts/send-event.tsx";
import { Time } from "../parts/time.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { Unread } from "../parts/unread.tsx";
import { Why } from "../parts/why.tsx";
import { historyOf, triggerOf, type WholeRun } from "../run-history.ts";

const LIMIT = 100;

async function readRun(id: string): Promise<WholeRun> {
  const path = `/v1/runs/${id}`;
  const list = async <Row,>(name: string): Promise<Row[]> =>
    (await get<Cursored<Row>>(`${path}/${name}${query({ limit: LIMIT })}`)).data;
  const run = await get<Run>(path);
  const [job, events, children, checkpoints, outputs, parts] = await Promise.all([
    get<RunJob>(`/v1/jobs/${run.job_id}`).catch(() => undefined),
    list<RunEvent>("events"),
    list<Run>("children"),
    list<Checkpoint>("checkpoints"),
    list<Output>("outputs"),
    get<RunParts>(`/__local/run-parts?run=${id}`),
  ]);
  return { run, job, events, children, checkpoints, outputs, ...parts };
}

/** An executor run: what happened to it, what it waits for, what it logged, and what can be done to it. */
export function RunPage({ id }: { id: string }): VNode {
  const { value, error, refresh } = useLive(
    id,
    () => readRun(id),
    ({ name, payload }) =>
      name.startsWith("run:") && name !== "run:chunk:streamed" && JSON.stringify(payload).includes(id),
  );
  if (value === undefined) return <Unread error={error} />;
  const { run, job, events, waits } = value;
  const logs = events.filter(({ type }) => type === "log");
  return (
    <>
      <PageHeader title={job?.name ?? "A run of a deleted job"} status={run.status}>
        <RunActions run={run} onDone={refresh} />
      </PageHeader>
      <p class="about">
        <Id value={id} isPrinted /> · attempt {run.attempt} · {triggerOf(run)} · {run.execution_mode} · created{" "}
        <Time value={run.created_at} />
        {run.parent_run_id !== undefined && <RunLink id={run.parent_run_id} label="parent" />}
        {run.replayed_run_id !== undefined && <RunLink id={run.replayed_run_id} label="replay of" />}
        {run.continuation_of !== undefined && <RunLink id={run.continuation_of} label="continues" />}
      </p>
      <Timeline steps={stepsOf(run)} />
      <Failure error={error} />
      {!isEnded(run) && <Why id={id} status={run.status} />}
      {waits
        .filter(({ status }) => status === "waiting")
        .map((wait) => (
          <SendEvent key={wait.id} wait={wait} onSent={refresh} />
        ))}
      {run.error !== undefined && <FailureText text={run.error} />}
      <RunStream runId={id} />
      <div class="columns">
        <Content title="Payload" value={run.payload} isRecord />
        <Content title="Result" value={run.result} empty={isEnded(run) ? "none" : "not yet"} />
      </div>
      <RunAttempts run={run} earlier={value.attempts} />
      <Section title="History">
        <RunHistory happenings={historyOf(value)} />
      </Section>
      {logs.length > 0 && (
        <Section title="Logs">
          <Logs
            lines={logs
              .toSorted((left, right) => compareTimes(left.created_at, right.created_at))
              .map(({ level = "info", message, created_at }) => ({ kind: level, text: message, time: created_at }))}
          />
        </Section>
      )}
    </>
  );
}

function RunLink({ id, label }: { id: string; label: string }): VNode {
  return (
    <>
      {" · "}
      <a href={`${BASE}/runs/${id}`}>{label}</a> <Id value={id} isPrinted />
    </>
  );
}

function stepsOf(run: Run): Parameters<typeof Timeline>[0]["steps"] {
  const last = isEnded(run) ? run.status : "finished";
  return [
    { label: "created", time: run.created_at },
    { label: "started", time: run.started_at, after: durationBetween(run.created_at, run.started_at) },
    { label: last, time: run.finished_at, after: durationBetween(run.started_at, run.finished_at) },
  ];
}
