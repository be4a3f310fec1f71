import type { VNode } from "preact";
import { get, type Page, type Project, type Runner } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { AgentForm } from "../parts/agent-form.tsx";
import { Heading } from "../parts/heading.tsx";
import { Section } from "../parts/section.tsx";
import { Setup } from "../parts/setup.tsx";
import { Status } from "../parts/status.tsx";
import { Unread } from "../parts/unread.tsx";

/** A project: its runners with a form for each agent. `opik endpoint` and `opik connect` link here. */
export function ProjectPage({ id }: { id: string }): VNode {
  const { value, error } = useLive(
    id,
    async () => {
      const [project, runners] = await Promise.all([
        get<Project>(`/v1/private/projects/${id}`),
        get<Page<Runner>>(`/v1/private/local-runners?project_id=${id}&size=100`),
      ]);
      return { project, runners: runners.content };
    },
    ({ name }) => name.startsWith("runner:"),
  );
  if (value === undefined) return <Unread error={error} />;
  const { project, runners } = value;
  return (
    <>
      <Heading title={project.name} />
      <p class="about">
        {project.description !== undefined && `${project.description} · `}
        <a href={`${BASE}/projects/${id}/traces`}>traces</a> ·{" "}
        <a href={`${BASE}/projects/${id}/traces?view=threads`}>threads</a> ·{" "}
        <a href={`${BASE}/projects/${id}/configuration`}>configuration</a>
      </p>
      {runners.length === 0 && <Setup project={project.name} />}
      {runners.map((runner) => (
        <Section
          key={runner.id}
          title={runner.name ?? ""}
          aside={
            <span class="toolbar">
              <Status value={runner.status ?? "pairing"} />
              <a href={`${BASE}/runners/${runner.id}`}>jobs</a>
            </span>
          }
        >
          {(runner.agents ?? []).length === 0 && (
            <p class="faint">It has registered no agents yet: they appear here by themselves.</p>
          )}
          <div class="forms">
            {(runner.agents ?? []).map((agent) => (
              <AgentForm key={agent.name} runner={runner} agent={agent} />
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}
