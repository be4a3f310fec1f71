import type { VNode } from "preact";
import { chooseRunsProject, type Cursored, get, post, runsProject, type RunJob, type State } from "../api.ts";
import { RunList } from "../lists/run-list.tsx";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Snippet } from "../parts/snippet.tsx";
import { TriggerForm } from "../parts/trigger-form.tsx";

const STATUSES = [
  ...["executing", "waiting", "queued", "delayed", "paused"],
  ...["completed", "failed", "timed_out", "dead_letter", "canceled", "expired"],
];

interface Shown {
  jobs: RunJob[];
  state: State;
}

/** Jobs and runs of Strait's API. */
export function RunsPage(): VNode {
  const [parameters, setParameters] = useParameters();
  const status = parameters["status"] ?? "";
  const project = parameters["project"] ?? runsProject() ?? "";
  if (project !== "") chooseRunsProject(project);
  const { value, error } = useLive(
    `jobs ${project}`,
    async (): Promise<Shown> => {
      const [{ data: jobs }, state] = await Promise.all([
        get<Cursored<RunJob>>("/v1/jobs?limit=100"),
        get<State>("/__local/state"),
      ]);
      return { jobs, state };
    },
    ({ name }) => name.startsWith("run:job:") || name === "run:created",
  );
  const jobs = value?.jobs ?? [];
  const projects = [...new Set(value?.state.executor_jobs.map(({ project_id }) => project_id))];
  const next = new Map(value?.state.executor_jobs.map(({ id, next_at }) => [id, next_at]));
  return (
    <>
      <Heading title="Executor runs" />
      <Failure error={error} />
      <div class="toolbar">
        {projects.length > 1 && (
          <select
            aria-label="Project"
            value={project}
            onChange={(event) => setParameters({ project: event.currentTarget.value })}
          >
            {projects.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        )}
      </div>
      <Section title="Jobs">
        {value !== undefined && jobs.length === 0 && <FirstJob />}
        <div class="forms">
          {jobs.map((job) => (
            <TriggerForm key={job.id} job={job} next={next.get(job.id)} />
          ))}
        </div>
      </Section>
      <Section
        title="Runs"
        aside={
          <span class="toolbar">
            {status === "dead_letter" && (
              <Act work={() => post("/v1/runs/bulk-dlq-replay", { project_id: project || "default", limit: 100 })}>
                Replay all
              </Act>
            )}
            <select
              aria-label="Status"
              value={status}
              onChange={(event) => setParameters({ status: event.currentTarget.value })}
            >
              <option value="">all</option>
              {STATUSES.map((one) => (
                <option key={one} value={one}>
                  {one.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          </span>
        }
      >
        <RunList status={status} project={project} slugs={new Map(jobs.map(({ id, slug }) => [id, slug]))} />
      </Section>
    </>
  );
}

/** How a job is made. */
function FirstJob(): VNode {
  return (
    <div class="setup">
      <h2>Create your first job</h2>
      <p>A job names the endpoint of an executor; a run is pushed there and reports back with its run token.</p>
      <Snippet
        text={[
          `curl ${location.origin}/v1/jobs --json '{`,
          `  "name": "Deploy",`,
          `  "slug": "deploy",`,
          `  "endpoint_url": "http://127.0.0.1:3000"`,
          `}'`,
        ].join("\n")}
      />
    </div>
  );
}
