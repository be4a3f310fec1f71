import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type Job, type Page, query, type Runner, type State } from "../api.ts";
import { useLive } from "../live.ts";
import { AgentForm } from "../parts/agent-form.tsx";
import { Id } from "../parts/id.tsx";
import { JobTable } from "../parts/job-table.tsx";
import { Json } from "../parts/json.tsx";
import { Failure } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { Section } from "../parts/section.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";

const PAGE_SIZE = 25;

/** A runner: its agents with a form each, its jobs, and why none is picked up. */
export function RunnerPage({ id }: { id: string }): VNode {
  const [page, setPage] = useState(0);
  const path = `/v1/private/local-runners/${id}`;
  const runner = useLive(
    id,
    async () => ({ runner: await get<Runner>(path), state: await get<State>("/__local/state") }),
    ({ name }) => name.startsWith("runner:") || name.startsWith("job:status"),
  );
  const jobs = useLive(
    `${id} ${page}`,
    () => get<Page<Job>>(`${path}/jobs${query({ page, size: PAGE_SIZE })}`),
    ({ name, payload }) => name === "job:status:changed" && (payload["job"] as Job | undefined)?.runner_id === id,
  );
  if (runner.value === undefined) return <Failure error={runner.error} />;
  const { runner: shown, state } = runner.value;
  const current = state.runners.find((one) => one.id === id);
  return (
    <>
      <h1>
        {shown.name} <Status value={shown.status ?? "pairing"} />
      </h1>
      <p class="faint">
        <Id value={id} /> · {shown.type} · connected <Time value={shown.connected_at} />
      </p>
      {current !== undefined && <Advice runner={current} />}
      <Section title="Agents">
        <div class="agents">
          {(shown.agents ?? []).length === 0 && <p class="faint">This runner has registered no agents.</p>}
          {(shown.agents ?? []).map((agent) => (
            <AgentForm key={agent.name} runner={shown} agent={agent} />
          ))}
        </div>
      </Section>
      <Section title="Jobs">
        <Failure error={jobs.error} />
        {jobs.value !== undefined && <JobTable jobs={jobs.value.content} />}
        {jobs.value !== undefined && <Pager page={page} size={PAGE_SIZE} total={jobs.value.total} onPage={setPage} />}
      </Section>
      {shown.checklist !== undefined && (
        <Section title="Checklist">
          <Json value={shown.checklist} />
        </Section>
      )}
    </>
  );
}

/** Why pending jobs stay where they are, and what to do. */
function Advice({ runner }: { runner: State["runners"][number] }): VNode | null {
  const pending = runner.jobs["pending"] ?? 0;
  if (pending === 0) return null;
  const waiting = `${pending} ${pending === 1 ? "job waits" : "jobs wait"}`;
  if (runner.status !== "connected") {
    return <p class="notice bad">{waiting}: this runner is not connected. Start its agent again.</p>;
  }
  if (!runner.polls) {
    return (
      <p class="notice">
        {waiting}: nothing polls for this runner. Start the agent with <code>OPIK_RUNNER_ID={runner.id}</code> and{" "}
        <code>OPIK_RUNNER_MODE=true</code>.
      </p>
    );
  }
  return null;
}
