import type { VNode } from "preact";
import { type Command, get, type Runner, type State } from "../api.ts";
import { BASE } from "../base.ts";
import { counted } from "../format.ts";
import { JobList } from "../lists/job-list.tsx";
import { useLive } from "../live.ts";
import { AgentForm } from "../parts/agent-form.tsx";
import { Checklist } from "../parts/checklist.tsx";
import { CommandList } from "../parts/command-list.tsx";
import { Heading } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { Why } from "../parts/why.tsx";

/** A runner: its agents with a form each, its queue, its bridge commands, and why jobs are not picked up. */
export function RunnerPage({ id }: { id: string }): VNode {
  const path = `/v1/private/local-runners/${id}`;
  const runner = useLive(
    id,
    async () => {
      const [runner, state] = await Promise.all([get<Runner>(path), get<State>("/__local/state")]);
      return { runner, state };
    },
    ({ name }) => name.startsWith("runner:") || name.startsWith("job:status"),
  );
  const commands = useLive(
    id,
    () => get<{ commands: Command[] }>(`/__local/bridge?runner=${id}`),
    ({ name }) => name === "bridge:command:changed",
  );
  if (runner.value === undefined) return <Unread error={runner.error} />;
  const { runner: shown, state } = runner.value;
  const current = state.runners.find((one) => one.id === id);
  const project = state.projects.find((one) => one.id === shown.project_id);
  const pending = current?.jobs["pending"] ?? 0;
  return (
    <>
      <Heading title={shown.name ?? ""} status={shown.status ?? "pairing"} />
      <p class="about">
        <Id value={id} isPrinted /> · {shown.type} · {project === undefined ? "" : <ProjectLink {...project} />} ·{" "}
        {current?.disconnected_at === undefined ? "connected" : "disconnected"}{" "}
        <Time value={current?.disconnected_at ?? shown.connected_at} /> · {describePolls(current)}
      </p>
      {pending > 0 && <Why id={id} status={String(pending)} />}
      <Section title="Agents">
        {shown.agents.length === 0 && (
          <p class="faint">No agents yet: they appear here when the program of this runner has registered them.</p>
        )}
        <div class="forms">
          {shown.agents.map((agent) => (
            <AgentForm key={agent.name} runner={shown} agent={agent} />
          ))}
        </div>
      </Section>
      <Section title="Jobs" aside={current !== undefined && <QueueCounts jobs={current.jobs} />}>
        <JobList runnerId={id} />
      </Section>
      {(shown.type === "connect" || (commands.value?.commands.length ?? 0) > 0) && (
        <Section title="Bridge commands">
          <Failure error={commands.error} />
          <CommandList commands={commands.value?.commands ?? []} />
        </Section>
      )}
      {shown.checklist !== undefined && shown.checklist !== null && (
        <Section title="Checklist">
          <Checklist value={shown.checklist} />
        </Section>
      )}
    </>
  );
}

function ProjectLink({ id, name }: { id: string; name: string }): VNode {
  return <a href={`${BASE}/projects/${id}`}>{name}</a>;
}

function describePolls(runner: State["runners"][number] | undefined): string {
  if (runner === undefined) return "";
  if (runner.open_polls > 0) return `${counted(runner.open_polls, "open poll")}`;
  return runner.polls ? "polls for jobs" : "does not poll for jobs";
}

function QueueCounts({ jobs }: { jobs: Record<string, number> }): VNode {
  const counts = Object.entries(jobs).filter(([, count]) => count > 0);
  return (
    <span class="toolbar">
      {counts.map(([status, count]) => (
        <span key={status}>
          <Status value={status} /> {count.toLocaleString("en")}
        </span>
      ))}
    </span>
  );
}
