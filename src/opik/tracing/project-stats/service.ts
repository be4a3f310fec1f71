import type { Owner } from "../../access/owner.ts";
import type { ProjectFilter, ProjectService } from "../../projects/service.ts";
import { boundsOf, type TimeRange } from "../../search/parameters.ts";
import { decimalOf, doubleOf } from "../../wire/numbers.ts";
import type { TraceService } from "../traces/service.ts";
import type { TraceStatistics } from "../traces/statistics.ts";
import type { ProjectStats, ProjectStatsSummary } from "./schema.ts";

export interface ProjectStatsServiceDependencies {
  projects: ProjectService;
  traces: TraceService;
}

/** The decimals of durations in answers of the real server. */
const DURATION_PLACES = 9;

/** What the traces of projects come to. */
export class ProjectStatsService {
  readonly #projects: ProjectService;
  readonly #traces: TraceService;

  constructor({ projects, traces }: ProjectStatsServiceDependencies) {
    this.#projects = projects;
    this.#traces = traces;
  }

  /**
   * The statistics of one page of projects, in the order of their list, by default of all times.
   * @throws OpikError 400 for a span of time that ends before it begins
   */
  async summary(owner: Owner, filter: ProjectFilter & TimeRange): Promise<ProjectStatsSummary> {
    const content: ProjectStats[] = [];
    const bounds = boundsOf(filter);
    for (const { id } of this.#projects.list(owner, filter).content) {
      content.push(toProjectStats(id, await this.#traces.statistics(owner, id, bounds)));
    }
    return { content };
  }
}

function toProjectStats(project_id: string, statistics: TraceStatistics | undefined): ProjectStats {
  const { duration, usage } = statistics ?? {};
  return {
    project_id,
    feedback_scores:
      statistics && [...statistics.scores].map(([name, value]) => ({ name, value: doubleOf(value) })).toSorted(byName),
    duration: duration && {
      p50: decimalOf(duration.p50, DURATION_PLACES),
      p90: decimalOf(duration.p90, DURATION_PLACES),
      p99: decimalOf(duration.p99, DURATION_PLACES),
    },
    total_estimated_cost: statistics && doubleOf(statistics.costAverage),
    total_estimated_cost_sum: statistics && doubleOf(statistics.costSum),
    usage: usage && new Map([...usage].map(([kind, tokens]) => [kind, doubleOf(tokens)])),
    trace_count: statistics?.traceCount,
    thread_count: statistics?.threadCount,
  };
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
