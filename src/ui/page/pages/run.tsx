import type { VNode } from "preact";
import { type Cursored, get, post, request, type Run, type RunEvent, type Wait } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Logs } from "../parts/logs.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { SendEvent } from "../parts/send-event.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { Why } from "../parts/why.tsx";

const ENDED = new Set([
  "completed",
  "failed",
  "timed_out",
  "crashed",
  "system_failed",
  "canceled",
  "expired",
  "dead_letter",
]);
const MAX_EVENTS = 200;

interface Shown {
  run: Run;
  events: RunEvent[];
  children: Run[];
  checkpoints: Array<{ id: string; created_at: string }>;
  waits: Wait[];
}

async function readRun(id: string): Promise<Shown> {
  const path = `/v1/runs/${id}`;
  const [run, events, children, checkpoints, waits] = await Promise.all([
    get<Run>(path),
    get<Cursored<RunEvent>>(`${path}/events?limit=${MAX_EVENTS}`),
    get<Cursored<Run>>(`${path}/children`),
    get<Cursored<Shown["checkpoints"][number]>>(`${path}/checkpoints`),
    get<Cursored<Wait>>("/v1/events?limit=100"),
  ]);
  const ofRun = waits.data.filter(({ job_run_id }) => job_run_id === id);
  return { run, events: events.data, children: children.data, checkpoints: checkpoints.data, waits: ofRun };
}

/** An executor run: its life, what it waits for, what it logged, and what can be done to it. */
export function RunPage({ id }: { id: string }): VNode {
  const { value, error, refresh } = useLive(
    id,
    () => readRun(id),
    (event) => event.name.startsWith("run:") && JSON.stringify(event.payload).includes(id),
  );
  if (value === undefined) return <Failure error={error} />;
  const { run, events, children, checkpoints, waits } = value;
  const act = (work: Promise<unknown>): void => void work.then(refresh, refresh);
  return (
    <>
      <h1>
        Run <Status value={run.status} />
      </h1>
      <p class="faint">
        <Id value={id} /> · attempt {run.attempt} · {run.triggered_by} · created <Time value={run.created_at} />
        {run.parent_run_id !== undefined && (
          <>
            {" "}
            · <a href={`${BASE}/runs/${run.parent_run_id}`}>parent</a>
          </>
        )}
      </p>
      <Timeline steps={stepsOf(run)} />
      {!ENDED.has(run.status) && <Why id={id} status={run.status} />}
      <p class="toolbar">
        {!ENDED.has(run.status) && (
          <button type="button" onClick={() => act(request("DELETE", `/v1/runs/${id}`))}>
            Cancel
          </button>
        )}
        {ENDED.has(run.status) && run.status !== "completed" && (
          <button type="button" onClick={() => act(post(`/v1/runs/${id}/replay`))}>
            Replay
          </button>
        )}
      </p>
      {waits.map((wait) => (
        <SendEvent key={wait.id} wait={wait} onSent={refresh} />
      ))}
      {run.error !== undefined && (
        <Section title="Error">
          <pre class="error">{run.error}</pre>
        </Section>
      )}
      <div class="columns">
        <Section title="Payload">
          <Json value={run.payload} />
        </Section>
        <Section title="Result">
          <Json value={run.result} />
        </Section>
      </div>
      <Section title="Events">
        <Logs lines={events.map(toLine)} />
      </Section>
      {checkpoints.length > 0 && (
        <Section title="Checkpoints">
          <Json value={checkpoints} />
        </Section>
      )}
      {children.length > 0 && (
        <Section title="Children">
          <ul>
            {children.map((child) => (
              <li key={child.id}>
                <a href={`${BASE}/runs/${child.id}`}>
                  <Status value={child.status} />
                </a>{" "}
                <Id value={child.id} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function stepsOf(run: Run): Parameters<typeof Timeline>[0]["steps"] {
  const last = ENDED.has(run.status) ? run.status : "finished";
  return [
    { label: "created", time: run.created_at },
    { label: "started", time: run.started_at, after: durationBetween(run.created_at, run.started_at) },
    { label: last, time: run.finished_at, after: durationBetween(run.started_at, run.finished_at) },
  ];
}

function toLine({ type, level, message, data, created_at }: RunEvent): { kind: string; text: string; time: string } {
  const extra = data === undefined ? "" : ` ${JSON.stringify(data)}`;
  return { kind: level ?? type, text: `${message}${extra}`, time: created_at };
}
