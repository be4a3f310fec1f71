import { timeOfUuid } from "../../../core/ids.ts";
import { RawJson } from "../../../core/json.ts";
import { parseTimestamp } from "../../../core/timestamps.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { ProjectService } from "../../projects/service.ts";
import type { Fields } from "../../search/fields.ts";
import { conditionsOf, type FilterConditions, queryFilters } from "../../search/filters.ts";
import { OpikError } from "../../wire/errors.ts";
import { doubleOf } from "../../wire/numbers.ts";
import type { MeasuredRow } from "../record-table.ts";
import { roundedCost } from "../spans/cost.ts";
import { SEARCHABLE_SPANS } from "../spans/filters.ts";
import type { SpanService } from "../spans/service.ts";
import type { Measures } from "../stats/stats.ts";
import { Total } from "../stats/totals.ts";
import { THREAD_FIELDS } from "../threads/filters.ts";
import type { ThreadService } from "../threads/service.ts";
import { SEARCHABLE_TRACES } from "../traces/filters.ts";
import type { TraceService } from "../traces/service.ts";
import { averageOrNull, costOf, KpiTotals } from "./kpi-totals.ts";
import { type EntityKind, METRICS } from "./metrics.ts";
import type {
  KpiCardRequest,
  KpiCards,
  ProjectMetric,
  ProjectMetricRequest,
  WorkspaceMetric,
  WorkspaceMetricRequest,
  WorkspaceSummary,
  WorkspaceSummaryRequest,
} from "./schema.ts";
import { Series } from "./series.ts";
import { type Period, TimeBuckets } from "./time-buckets.ts";

export interface MetricsServiceDependencies {
  projects: ProjectService;
  traces: TraceService;
  spans: SpanService;
  threads: ThreadService;
}

type Visit = (row: MeasuredRow, measures: Measures) => void;

/** The records of a project that are measured. */
interface Selection extends Period {
  of: EntityKind;
  projectId: string;
  filters?: FilterConditions;
}

const NO_FILTERS: FilterConditions = { where: [], isSelective: false };

/** The filter fields of each kind of record. */
const FIELDS: Readonly<Record<EntityKind, Fields>> = {
  traces: SEARCHABLE_TRACES.fields,
  spans: SEARCHABLE_SPANS.fields,
  threads: THREAD_FIELDS,
};

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
      await this.#measure(owner, selection, (row, measures) => {
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
   * @throws OpikError 400 for filters that do not fit, 404, 501 for groups
   */
  async ofProject(owner: Owner, projectId: string, request: ProjectMetricRequest): Promise<ProjectMetric> {
    this.#dependencies.projects.get(owner, projectId);
    const { metric_type, interval, breakdown } = request;
    if (breakdown?.field !== undefined && breakdown.field.toLowerCase() !== "none") {
      throw OpikError.message(501, "opik-local does not serve this part of Opik: breakdown of metrics");
    }
    const { of, series: names, numbersOf, reduce } = METRICS[metric_type];
    const start = millisecondsOf(request.interval_start);
    const end = request.interval_end === undefined ? this.#context.clock.now() : millisecondsOf(request.interval_end);
    const given = { traces: request.trace_filters, spans: request.span_filters, threads: request.thread_filters };
    const filters = conditionsOf(FIELDS[of], given[of]);
    const buckets = new TimeBuckets(interval, { start, end });
    const series = new Series(buckets, interval === "total" ? [] : names);
    await this.#measure(owner, { of, projectId, filters, start, end }, (row, measures) => {
      for (const [name, number] of numbersOf([row, measures])) series.add(name, timeOfUuid(row.id), number);
    });
    return {
      project_id: projectId,
      metric_type: metric_type.toUpperCase(),
      interval: interval.toUpperCase(),
      results: series.result(reduce),
    };
  }

  /** The kinds of tokens that spans of a project have used. @throws OpikError 404 */
  async tokenNames(owner: Owner, projectId: string): Promise<string[]> {
    this.#dependencies.projects.get(owner, projectId);
    const names = new Set<string>();
    const query = { project_id: projectId, filters: NO_FILTERS, exclude: new Set<string>(), truncate: false };
    await this.#dependencies.spans.measure(owner, query, (_, { usage }) => {
      for (const [name, amount] of usage) if (amount > 0) names.add(name);
    });
    return [...names].toSorted();
  }

  /** The averages of the scores of traces by name, in a span of time and in the one before it. */
  async scoreSummaries(owner: Owner, request: WorkspaceSummaryRequest): Promise<WorkspaceSummary[]> {
    const period = this.#period(request, "intervalStart must be before intervalEnd");
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
    const period = this.#period(request, "intervalStart must be before intervalEnd");
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

  /**
   * The costs of spans on each day.
   * @throws OpikError 400 without a name
   */
  async dailyCosts(owner: Owner, request: WorkspaceMetricRequest): Promise<WorkspaceMetric> {
    return this.#daily(owner, request, "spans", {
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
    const period = this.#period(request, "intervalStart must be before intervalEnd");
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
    const { projects } = this.#dependencies;
    const wanted = projectIds === undefined || projectIds.length === 0 ? undefined : new Set(projectIds);
    const ids = projects
      .all()
      .filter(({ workspace, id }) => workspace === owner.workspace && (wanted === undefined || wanted.has(id)))
      .map(({ id }) => id);
    for (const projectId of ids) {
      await this.#measure(owner, { of, projectId, ...period }, (row, measures) => {
        const began = row.start_time === null ? Number.NaN : millisecondsOf(row.start_time);
        if (began >= period.start && began <= period.end) visit(row, measures, projectId);
      });
    }
  }

  async #measure(owner: Owner, selection: Selection, visit: Visit): Promise<void> {
    const { of, projectId, start, end, filters = NO_FILTERS } = selection;
    if (start >= end) return;
    const query = {
      project_id: projectId,
      filters,
      exclude: new Set<string>(),
      truncate: false,
      from_time: new Date(start).toISOString(),
      to_time: new Date(end).toISOString(),
    };
    await this.#dependencies[of].measure(owner, query, visit);
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

/** @param time ISO 8601 with its zone */
function millisecondsOf(time: string): number {
  return parseTimestamp(time) ?? Number.NaN;
}
