import type { VNode } from "preact";
import { type Activity, get, type State, workspace } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { ActivityJobs, ActivityRuns } from "../parts/activity.tsx";
import { Heading } from "../parts/heading.tsx";
import { Failure } from "../parts/notice.tsx";
import { RunnerCards } from "../parts/runner-cards.tsx";
import { Section } from "../parts/section.tsx";
import { Setup } from "../parts/setup.tsx";
import { Sparkline } from "../parts/sparkline.tsx";
import { Unread } from "../parts/unread.tsx";

interface Overview {
  state: State;
  activity: Activity;
}

async function readOverview(): Promise<Overview> {
  const [state, activity] = await Promise.all([get<State>("/__local/state"), get<Activity>("/__local/activity")]);
  const ours = ({ workspace: name }: { workspace: string }): boolean => name === workspace();
  return {
    state: { ...state, runners: state.runners.filter(ours), projects: state.projects.filter(ours) },
    activity,
  };
}

/** What runs here, what failed, and what happened last. */
export function OverviewPage(): VNode {
  const { value, error } = useLive("overview", readOverview, ({ name }) =>
    /^(?:runner|job|run|bridge|project):/.test(name),
  );
  if (value === undefined) return <Unread error={error} />;
  const { state, activity } = value;
  const slugs = new Map(state.executor_jobs.map(({ id, slug }) => [id, slug]));
  const isEmpty = state.runners.length === 0 && state.executor_jobs.length === 0;
  const { jobs, runs } = activity;
  return (
    <>
      <Heading title="Overview" />
      <Failure error={error} />
      {!isEmpty && <Counts state={state} activity={activity} />}
      {isEmpty && <Setup project={state.projects[0]?.name} />}
      {jobs.failed.length + runs.failed.length > 0 && (
        <Section title="Failed in the last hour">
          {jobs.failed.length > 0 && <ActivityJobs jobs={jobs.failed} />}
          {runs.failed.length > 0 && <ActivityRuns runs={runs.failed} slugs={slugs} />}
        </Section>
      )}
      {state.runners.length > 0 && <RunnerCards runners={state.runners} projects={state.projects} />}
      {!isEmpty && !state.runners.some(({ status }) => status === "connected") && (
        <details>
          <summary>No agent is connected: how to connect one</summary>
          <Setup project={state.projects[0]?.name} />
        </details>
      )}
      {jobs.running.length + runs.under_way.length > 0 && (
        <Section title="Under way">
          {jobs.running.length > 0 && <ActivityJobs jobs={jobs.running} />}
          {runs.under_way.length > 0 && <ActivityRuns runs={runs.under_way} slugs={slugs} />}
        </Section>
      )}
      {state.runners.length > 0 && (
        <Section title="Last jobs">
          <ActivityJobs jobs={jobs.newest} />
        </Section>
      )}
      {state.executor_jobs.length > 0 && (
        <Section title="Last executor runs" aside={<a href={`${BASE}/runs`}>all executor runs</a>}>
          <ActivityRuns runs={runs.newest} slugs={slugs} />
        </Section>
      )}
      {state.projects.length > 0 && <Projects projects={state.projects} />}
    </>
  );
}

function Projects({ projects }: { projects: State["projects"] }): VNode {
  return (
    <Section title="Projects">
      <p class="toolbar">
        {projects.slice(0, 100).map(({ id, name }) => (
          <span class="tag" key={id}>
            <a href={`${BASE}/projects/${id}`}>{name}</a>
          </span>
        ))}
      </p>
    </Section>
  );
}

/** How much of what there is, and the last hour. */
function Counts({ state, activity }: { state: State; activity: Activity }): VNode {
  const counts: Array<[string, number]> = [
    ["runners connected", state.runners.filter(({ status }) => status === "connected").length],
    ["jobs running", sum(state, "running")],
    ["jobs pending", sum(state, "pending")],
    ["jobs failed", sum(state, "failed")],
    ["runs executing", state.executor_runs["executing"] ?? 0],
    ["runs waiting", state.executor_runs["waiting"] ?? 0],
  ];
  return (
    <dl class="counts">
      <div class="hour">
        <dt>ended in the last hour</dt>
        <dd>
          <Sparkline minutes={activity.minutes} />
        </dd>
      </div>
      {counts.map(([label, count]) => (
        <div key={label} class={count === 0 ? "zero" : ""}>
          <dt>{label}</dt>
          <dd>{count.toLocaleString("en")}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How many jobs of the shown runners are in a status. */
function sum({ runners }: State, status: string): number {
  return runners.reduce((total, { jobs }) => total + (jobs[status] ?? 0), 0);
}
