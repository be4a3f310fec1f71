import type { VNode } from "preact";
import { get, type Page, type Runner } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { AgentForm } from "../parts/agent-form.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Setup } from "../parts/setup.tsx";
import { Status } from "../parts/status.tsx";

/** A project: its runners with a form for each agent. `opik endpoint` and `opik connect` link here. */
export function ProjectPage({ id }: { id: string }): VNode {
  const { value, error } = useLive(
    id,
    async () => ({
      project: await get<{ name: string }>(`/v1/private/projects/${id}`),
      runners: (await get<Page<Runner>>(`/v1/private/local-runners?project_id=${id}&size=100`)).content,
    }),
    ({ name }) => name.startsWith("runner:"),
  );
  if (value === undefined) return <Failure error={error} />;
  return (
    <>
      <h1>{value.project.name}</h1>
      <p>
        <a href={`${BASE}/projects/${id}/traces`}>Traces of this project</a>
      </p>
      {value.runners.length === 0 && <Setup />}
      {value.runners.map((runner) => (
        <Section
          key={runner.id}
          title={runner.name ?? ""}
          aside={
            <>
              <Status value={runner.status ?? "pairing"} /> <a href={`${BASE}/runners/${runner.id}`}>jobs</a>
            </>
          }
        >
          <div class="agents">
            {(runner.agents ?? []).map((agent) => (
              <AgentForm key={agent.name} runner={runner} agent={agent} />
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}
