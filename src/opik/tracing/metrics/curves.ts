import type { Clock } from "../../../core/clock.ts";
import { timeOfUuid } from "../../../core/ids.ts";
import type { Owner } from "../../access/owner.ts";
import { conditionsOf, type Filter } from "../../search/filters.ts";
import { breakdownOf, greatest, groupsOf, seriesOf } from "./breakdown.ts";
import { type Metric, METRICS, type MetricType } from "./metrics.ts";
import type { ProjectMetricRequest } from "./schema.ts";
import { FIELDS, measure, type MeasuredRecords, millisecondsOf } from "./selection.ts";
import { type Curve, Series } from "./series.ts";
import { type Interval, TimeBuckets } from "./time-buckets.ts";

/** What curves are computed from. */
export interface CurvesRequest extends Pick<ProjectMetricRequest, "interval_start" | "interval_end" | "breakdown"> {
  metric_type: MetricType;
  interval: Interval;
  filters?: Filter[] | undefined;
}

/** The curves of a metric of projects together, by series or by group. */
export async function curvesOf(
  clock: Clock,
  records: MeasuredRecords,
  owner: Owner,
  projectIds: readonly string[],
  request: CurvesRequest,
): Promise<Curve[]> {
  const { metric_type, interval, interval_start, interval_end } = request;
  const metric: Metric = METRICS[metric_type];
  const start = millisecondsOf(interval_start);
  const end = interval_end === undefined ? clock.now() : millisecondsOf(interval_end);
  const filters = conditionsOf(FIELDS[metric.of], request.filters);
  const split = breakdownOf(request.breakdown);
  const series = new Series(
    new TimeBuckets(interval, { start, end }),
    interval === "total" || split !== undefined ? [] : metric.series,
  );
  const wanted = split && seriesOf(metric, split);
  for (const projectId of projectIds) {
    await measure(records, owner, { of: metric.of, projectId, filters, start, end }, (row, measures) => {
      const numbers = metric.numbersOf([row, measures]);
      const time = timeOfUuid(row.id);
      if (split === undefined || wanted === undefined) {
        for (const [name, number] of numbers) series.add(name, time, number);
        return;
      }
      const number = numbers.get(wanted);
      const grouped = records[metric.of].grouped(owner.workspace, row.id);
      if (number === undefined || grouped === undefined) return;
      for (const group of groupsOf(grouped, split)) series.add(group, time, number);
    });
  }
  if (wanted === undefined) return series.result((numbers, name) => metric.reduce(numbers, name));
  return greatest(series.resultWithoutGaps((numbers) => metric.reduce(numbers, wanted)));
}
