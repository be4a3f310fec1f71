import { isAdvanceable } from "../core/advanceable-clock.ts";
import type { FixtureTargets } from "../fixtures/load/loader.ts";
import { COMMAND_STATUSES } from "../opik/runners/bridge/schema.ts";
import { JOB_STATUSES } from "../opik/runners/jobs/schema.ts";
import { nextFiring } from "../strait/definitions/jobs/cron.ts";
import type { StoredJob } from "../strait/definitions/jobs/job.ts";
import { RUN_STATUSES } from "../strait/run/state-machine.ts";
import type { StraitServices } from "../strait/services.ts";
import { VERSION } from "../version.ts";
import type { AdminContext } from "./context.ts";
import type { State } from "./schema.ts";

export interface LocalServiceDependencies {
  services: FixtureTargets;
  executor: Pick<StraitServices, "jobs" | "runs">;
  /** Where the server listens; `undefined` when it does not. */
  url: () => string | undefined;
}

/** Reports the state of a server. */
export class LocalService {
  readonly #context: AdminContext;
  readonly #dependencies: LocalServiceDependencies;
  readonly #startedAt: number;

  constructor(context: AdminContext, dependencies: LocalServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#startedAt = context.clock.now();
  }

  /** The version, settings and content of the server, for `opik-local status` and for pages. */
  state(): State {
    const { config, clock, openPolls } = this.#context;
    const { services, executor, url } = this.#dependencies;
    const { runners, jobs, bridge } = services;
    const now = clock.now();
    const jobCounts = jobs.countByStatus();
    const runCounts = executor.runs.countByStatus();
    const agentsOf = Map.groupBy(runners.agentNames(), ({ runner_id }) => runner_id);
    const ofRunner = Map.groupBy(jobCounts, ({ runner_id }) => runner_id);
    const ofJob = Map.groupBy(runCounts, ({ job_id }) => job_id);
    return {
      version: VERSION,
      url: url(),
      database: config.database,
      clock: isAdvanceable(clock) ? "virtual" : "system",
      now: new Date(now).toISOString(),
      started_at: new Date(this.#startedAt).toISOString(),
      uptime_ms: Math.max(0, now - this.#startedAt),
      workspaces: [...config.workspaces],
      open_polls: openPolls.count,
      projects: services.projects.names(),
      runners: runners.all().map((runner) => ({
        id: runner.id,
        name: runner.name,
        type: runner.type,
        project_id: runner.project_id,
        workspace: runner.workspace,
        connected_at: new Date(runner.connected_at).toISOString(),
        ...(runners.isConnected(runner)
          ? { status: "connected" }
          : { status: "disconnected", disconnected_at: new Date(runner.alive_until).toISOString() }),
        polls: jobs.isPolledBy(runner.id) || bridge.isPolledBy(runner.id),
        open_polls: jobs.openPollsOf(runner.id) + bridge.openPollsOf(runner.id),
        agents: (agentsOf.get(runner.id) ?? []).map(({ name }) => name),
        jobs: sums(JOB_STATUSES, ofRunner.get(runner.id)),
      })),
      jobs: sums(JOB_STATUSES, jobCounts),
      bridge_commands: sums(COMMAND_STATUSES, bridge.countByStatus()),
      executor_jobs: executor.jobs.all().map((job) => ({
        ...{ id: job.id, slug: job.slug, project_id: job.project_id, paused: job.paused_at !== null },
        runs: sums(RUN_STATUSES, ofJob.get(job.id)),
        ...nextFiringOf(job, now),
      })),
      executor_runs: sums(RUN_STATUSES, runCounts),
    };
  }
}

function nextFiringOf({ definition, paused_at }: StoredJob, now: number): { next_at?: string } {
  const { cron, enabled, timezone } = definition;
  if (!cron || enabled === false || paused_at !== null) return {};
  const next = nextFiring(cron, timezone, now);
  return next === undefined ? {} : { next_at: new Date(next).toISOString() };
}

/** Counts by status, with the statuses that do not occur. */
function sums<Status extends string>(
  statuses: readonly Status[],
  counts: ReadonlyArray<{ status: Status; count: number }> = [],
): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const status of statuses) totals[status] = 0;
  for (const { status, count } of counts) totals[status] = (totals[status] ?? 0) + count;
  return totals;
}
