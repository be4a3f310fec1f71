import type { VNode } from "preact";
import { type Cursored, get, type Job, type Page, type Run, type State } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { JobTable } from "../parts/job-table.tsx";
import { Failure } from "../parts/notice.tsx";
import { RunTable } from "../parts/run-table.tsx";
import { Section } from "../parts/section.tsx";
import { Setup } from "../parts/setup.tsx";
import { Status } from "../parts/status.tsx";

const LAST = 10;

interface Overview {
  state: State;
  jobs: Job[];
  runs: Run[];
}

async function readOverview(): Promise<Overview> {
  const state = await get<State>("/__local/state");
  const pages = await Promise.all(
    state.runners.map(({ id }) => get<Page<Job>>(`/v1/private/local-runners/${id}/jobs?size=${LAST}`)),
  );
  const jobs = pages.flatMap(({ content }) => content);
  const isUsed = state.executor_jobs.length > 0;
  const runs = isUsed ? (await get<Cursored<Run>>(`/v1/runs?limit=${LAST}`)).data : [];
  return { state, jobs: jobs.toSorted(newestFirst).slice(0, LAST), runs };
}

/** Jobs that failed stand first among those of the same minute. */
function newestFirst(left: Job, right: Job): number {
  return right.created_at.localeCompare(left.created_at);
}

/** What runs here, and what happened last. */
export function OverviewPage(): VNode {
  const { value, error } = useLive("overview", readOverview, ({ name }) =>
    /^(?:runner|job|run|bridge|project):/.test(name),
  );
  if (value === undefined) return <Failure error={error} />;
  const { state, jobs, runs } = value;
  const slugs = new Map(state.executor_jobs.map(({ id, slug }) => [id, slug]));
  return (
    <>
      <h1>Overview</h1>
      <Counts state={state} />
      {state.runners.length === 0 && state.executor_jobs.length === 0 && <Setup />}
      {state.runners.length > 0 && (
        <Section title="Runners">
          <ul class="cards">
            {state.runners.map((runner) => (
              <li key={runner.id} class="card">
                <a href={`${BASE}/runners/${runner.id}`}>
                  <strong>{runner.name}</strong>
                </a>
                <Status value={runner.status} />
                <p class="faint">
                  {projectName(state, runner.project_id)} · {describePolling(runner)}
                </p>
                <p>{runner.agents.length === 0 ? "no agents" : runner.agents.join(", ")}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {state.runners.length > 0 && (
        <Section title="Last jobs">
          <JobTable jobs={jobs} />
        </Section>
      )}
      {state.executor_jobs.length > 0 && (
        <Section title="Last executor runs" aside={<a href={`${BASE}/runs`}>all</a>}>
          <RunTable runs={runs} slugs={slugs} />
        </Section>
      )}
    </>
  );
}

function describePolling({ status, polls }: State["runners"][number]): string {
  if (status !== "connected") return "not connected";
  return polls ? "waits for jobs" : "does not poll";
}

function projectName({ projects }: State, id: string): string {
  return projects.find((project) => project.id === id)?.name ?? id;
}

/** How much of what there is. */
function Counts({ state }: { state: State }): VNode {
  const counts: Array<[string, number]> = [
    ["runners connected", state.runners.filter(({ status }) => status === "connected").length],
    ["jobs running", state.jobs["running"] ?? 0],
    ["jobs pending", state.jobs["pending"] ?? 0],
    ["jobs failed", state.jobs["failed"] ?? 0],
    ["runs executing", state.executor_runs["executing"] ?? 0],
    ["runs waiting", state.executor_runs["waiting"] ?? 0],
  ];
  return (
    <dl class="counts">
      {counts.map(([label, count]) => (
        <div key={label} class={count === 0 ? "zero" : ""}>
          <dt>{label}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}
