import { timeOfUuid } from "../../../core/ids.ts";
import { RawJson } from "../../../core/json.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import { queryFilters } from "../../search/filters.ts";
import { OpikError } from "../../wire/errors.ts";
import { doubleOf } from "../../wire/numbers.ts";
import type { MeasuredRow } from "../record-table.ts";
import { roundedCost } from "../spans/cost.ts";
import type { Measures } from "../stats/stats.ts";
import { Total } from "../stats/totals.ts";
import { breakdownOf, mistakeOf } from "./breakdown.ts";
import { curvesOf } from "./curves.ts";
import { averageOrNull, costOf, KpiTotals } from "./kpi-totals.ts";
import { type EntityKind, METRICS } from "./metrics.ts";
import type {
  KpiCardRequest,
  KpiCards,
  ProjectMetric,
  ProjectMetricRequest,
  SpanMetricRequest,
  TokenNamesRequest,
  WorkspaceMetric,
  WorkspaceMetricRequest,
  WorkspaceSummary,
  WorkspaceSummaryRequest,
} from "./schema.ts";
import { FIELDS, measure, type MeasuredRecords, millisecondsOf, NO_FILTERS } from "./selection.ts";
import { Series } from "./series.ts";
import { type Period, TimeBuckets } from "./time-buckets.ts";

export interface MetricsServiceDependencies extends MeasuredRecords {
  projects: ProjectService;
}

const BEFORE_END = "intervalStart must be before intervalEnd";

const NO_TOKEN_NAME =
  "'sub_metric' is required for token usage breakdown. It should be the usage key name (e.g., completion_tokens, prompt_tokens).";

/** Metrics of projects and workspaces over time [opik 7.18]. */
export class MetricsService {
  readonly #context: OpikContext;
  readonly #dependencies: MetricsServiceDependencies;

  constructor(context: OpikContext, dependencies: MetricsServiceDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /**
   * The totals of the records of a project in a span of time, and in the span of the same length before it.
   * @throws OpikError 400 for filters that cannot be read, 422 for a span of time that ends before it begins
   */
  async kpiCards(owner: Owner, projectId: string, request: KpiCardRequest): Promise<KpiCards> {
    const period = this.#period(request, "intervalStart must be before intervalEnd or current time");
    const of = request.entity_type;
    const filters = queryFilters(FIELDS[of]).read(request.filters, "filters");
    const [current, previous] = [new KpiTotals(), new KpiTotals()];
    if (this.#dependencies.projects.exists(owner.workspace, projectId)) {
      const selection = { of, projectId, filters, start: startBefore(period), end: period.end };
      await measure(this.#dependencies, owner, selection, (row, measures) => {
        (timeOfUuid(row.id) < period.start ? previous : current).add(row, measures);
      });
    }
    const types = ["count", "avg_duration", "total_cost", ...(of === "threads" ? [] : (["errors"] as const))] as const;
    return {
      stats: types.map((type) => ({ type, current_value: current.of(type), previous_value: previous.of(type) })),
    };
  }

  /**
   * A metric of a project over time.
   * @throws OpikError 400 for filters that do not fit, 404
   */
  async ofProject(owner: Owner, projectId: string, request: ProjectMetricRequest): Promise<ProjectMetric> {
    this.#dependencies.projects.get(owner, projectId);
    const { metric_type, interval } = request;
    const given = { traces: request.trace_filters, spans: request.span_filters, threads: request.thread_filters };
    const filters = given[METRICS[metric_type].of];
    return {
      project_id: projectId,
      metric_type: metric_type.toUpperCase(),
      interval: interval.toUpperCase(),
      results: await curvesOf(this.#context.clock, this.#dependencies, owner, [projectId], {
        ...request,
        filters,
        metric_type,
        interval,
      }),
    };
  }

  /**
   * A metric of the spans of several projects over time.
   * @throws OpikError 400 for a metric that is not one of spans' tokens, and for a breakdown or filters that do not fit;
   *   422 for a span of time that ends before it begins
   */
  async ofSpans(owner: Owner, request: SpanMetricRequest): Promise<WorkspaceMetric> {
    const { metric_type, interval, project_ids, interval_start, interval_end } = request;
    if (interval_end !== undefined) this.#period({ interval_start, interval_end }, BEFORE_END);
    if (metric_type === undefined) throw OpikError.message(400, "'metric_type' must be provided");
    if (interval === undefined) throw OpikError.message(400, "'interval' must be provided");
    if (metric_type !== "span_token_usage") {
      const type = metric_type.toUpperCase();
      throw OpikError.message(400, `Unsupported metric type '${type}'. Supported: [SPAN_TOKEN_USAGE]`);
    }
    const split = breakdownOf(request.breakdown);
    const mistake = split && mistakeOf(metric_type, split);
    if (mistake !== undefined) throw OpikError.message(400, mistake.ofSubMetric ? NO_TOKEN_NAME : mistake.message);
    const projectIds = this.#projectIds(owner, project_ids);
    if (projectIds.length === 0) return { results: [] };
    const curves = await curvesOf(this.#context.clock, this.#dependencies, owner, projectIds, {
      ...request,
      metric_type,
      interval,
    });
    return { results: curves.map((curve) => ({ project_id: undefined, ...curve })) };
  }

  /** The kinds of tokens that spans of a project have used. @throws OpikError 404 */
  async tokenNames(owner: Owner, projectId: string): Promise<string[]> {
    this.#dependencies.projects.get(owner, projectId);
    return this.#tokenNamesIn(owner, [projectId]);
  }

  /** The kinds of tokens that spans of several projects have used; default all projects. */
  async tokenNamesOfAll(owner: Owner, { project_ids: projectIds }: TokenNamesRequest): Promise<string[]> {
    return this.#tokenNamesIn(owner, this.#projectIds(owner, projectIds));
  }

  async #tokenNamesIn(owner: Owner, projectIds: readonly string[]): Promise<string[]> {
    const names = new Set<string>();
    for (const project_id of projectIds) {
      const query = { project_id, filters: NO_FILTERS, exclude: new Set<string>(), truncate: false };
      await this.#dependencies.spans.measure(owner, query, (_, { usage }) => {
        for (const [name, amount] of usage) if (amount > 0) names.add(name);
      });
    }
    return [...names].toSorted();
  }

  /** The averages of the scores of traces by name, in a span of time and in the one before it. */
  async scoreSummaries(owner: Owner, request: WorkspaceSummaryRequest): Promise<WorkspaceSummary[]> {
    const period = this.#period(request, BEFORE_END);
    const totals = new Map<string, { current: Total; previous: Total }>();
    await this.#measureAll(owner, request, "traces", { ...period, start: startBefore(period) }, (row, measures) => {
      for (const [name, value] of measures.scores) {
        const total = totals.get(name) ?? { current: new Total(), previous: new Total() };
        totals.set(name, total);
        (timeOfUuid(row.id) < period.start ? total.previous : total.current).add(value);
      }
    });
    return [...totals]
      .filter(([, { current }]) => current.count > 0)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { current, previous }]) => ({
        name,
        current: averageOrNull(current),
        previous: averageOrNull(previous),
      }));
  }

  /** The costs of spans in a span of time and in the one before it. */
  async costSummary(owner: Owner, request: WorkspaceSummaryRequest): Promise<WorkspaceSummary> {
    const period = this.#period(request, BEFORE_END);
    const [current, previous] = [new Total(), new Total()];
    await this.#measureAll(owner, request, "spans", { ...period, start: startBefore(period) }, (row, { cost }) => {
      (timeOfUuid(row.id) < period.start ? previous : current).add(cost);
    });
    return { name: "cost", current: costOf(current), previous: costOf(previous) };
  }

  /**
   * The average of a score of traces on each day.
   * @throws OpikError 400 without a name
   */
  async dailyScores(owner: Owner, request: WorkspaceMetricRequest): Promise<WorkspaceMetric> {
    return this.#daily(owner, request, "traces", {
      numberOf: ({ scores }, name) => scores.get(name),
      reduce: (values) => doubleOf(values.reduce((sum, value) => sum + value, 0) / values.length),
    });
  }

  /** The costs of spans on each day, which the real server calls `cost`, whatever the request does. */
  async dailyCosts(owner: Owner, request: WorkspaceMetricRequest): Promise<WorkspaceMetric> {
    return this.#daily(owner, { ...request, name: "cost" }, "spans", {
      numberOf: ({ cost }) => cost,
      reduce: (costs) => doubleOf(roundedCost(costs.reduce((sum, cost) => sum + cost, 0))),
    });
  }

  async #daily(
    owner: Owner,
    request: WorkspaceMetricRequest,
    of: EntityKind,
    metric: {
      numberOf(measures: Measures, name: string): number | undefined;
      reduce(numbers: readonly number[]): RawJson;
    },
  ): Promise<WorkspaceMetric> {
    const period = this.#period(request, BEFORE_END);
    const { name, project_ids: projectIds } = request;
    if (!name) throw OpikError.message(400, "For metrics request, name must be provided");
    const buckets = new TimeBuckets("daily", period);
    const isSplit = projectIds !== undefined && projectIds.length > 0;
    const series = new Series(buckets, isSplit ? [] : [""]);
    await this.#measureAll(owner, request, of, period, (row, measures, projectId) => {
      const number = metric.numberOf(measures, name);
      if (number === undefined || row.start_time === null) return;
      series.add(isSplit ? projectId : "", millisecondsOf(row.start_time), number);
    });
    const results = series.result((numbers) => (numbers.length === 0 ? RawJson.of(null) : metric.reduce(numbers)));
    return {
      results: results.map(({ name: projectId, data }) => ({
        project_id: projectId === "" ? undefined : projectId,
        name,
        data,
      })),
    };
  }

  /** Visits the records of several projects whose id and whose beginning are in a span of time. */
  async #measureAll(
    owner: Owner,
    { project_ids: projectIds }: Pick<WorkspaceSummaryRequest, "project_ids">,
    of: EntityKind,
    period: Period,
    visit: (row: MeasuredRow, measures: Measures, projectId: string) => void,
  ): Promise<void> {
    for (const projectId of this.#projectIds(owner, projectIds)) {
      await measure(this.#dependencies, owner, { of, projectId, ...period }, (row, measures) => {
        const began = row.start_time === null ? Number.NaN : millisecondsOf(row.start_time);
        if (began >= period.start && began <= period.end) visit(row, measures, projectId);
      });
    }
  }

  /** The projects of the workspace that are wanted; all when none is named. */
  #projectIds(owner: Owner, projectIds: ReadonlyArray<string | null> | undefined): string[] {
    const wanted = projectIds === undefined || projectIds.length === 0 ? undefined : new Set(projectIds);
    return this.#dependencies.projects
      .all()
      .filter(({ workspace, id }) => workspace === owner.workspace && (wanted === undefined || wanted.has(id)))
      .map(({ id }) => id);
  }

  /** @throws OpikError 422 with the message when it ends before it begins */
  #period(
    { interval_start, interval_end }: Pick<KpiCardRequest, "interval_start" | "interval_end">,
    message: string,
  ): Period {
    const start = millisecondsOf(interval_start);
    const end = interval_end === undefined ? this.#context.clock.now() : millisecondsOf(interval_end);
    if (start >= end) throw OpikError.errors(422, `startBeforeEnd ${message}`);
    return { start, end };
  }
}

/** When the span of the same length before a span of time begins. */
function startBefore({ start, end }: Period): number {
  return start - (end - start);
}
