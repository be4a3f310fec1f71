import type { Owner } from "../../access/owner.ts";
import type { FeedbackService } from "../feedback/service.ts";
import type { MeasuredRow } from "../record-table.ts";
import type { SpanService } from "../spans/service.ts";
import { type Measures, type RecordStats, StatsBuilder } from "../stats/stats.ts";
import type { ThreadSearch, ThreadService } from "./service.ts";
import type { ThreadStore } from "./store.ts";

/** A thread has no input, output, metadata, tags and errors of its own that statistics could count. */
const NOTHING_OF_ITS_OWN = { input: 0, output: 0, metadata: 0, tags: 0, error: 0 } as const;

/** Measures threads by the ids of their models. */
export function threadMeasures(
  store: ThreadStore,
  { feedback, spans }: { feedback: FeedbackService; spans: SpanService },
): (workspace: string, ids: readonly string[]) => Iterable<[MeasuredRow, Measures]> {
  return function* measuresOf(workspace, ids) {
    const scores = feedback.valuesOf(workspace, "thread", ids);
    for (const id of ids) {
      const row = store.findById(workspace, id);
      if (row === undefined) continue;
      const totals = store.totals(row);
      const { usage, total_estimated_cost: cost } = spans.summaryOf(workspace, store.traceIds(row));
      const times = { start_time: utc(totals?.start_time) ?? null, end_time: utc(totals?.end_time) ?? null };
      yield [
        { ...NOTHING_OF_ITS_OWN, id, ...times },
        { usage, cost, scores: scores.get(id) ?? new Map(), others: {} },
      ];
    }
  };
}

/**
 * Statistics of the threads of a project that are searched for [opik 7.18].
 * @throws OpikError 400 when no project is named, 404
 */
export async function threadStats(
  threads: ThreadService,
  owner: Owner,
  query: Omit<ThreadSearch, "truncate">,
): Promise<RecordStats> {
  const builder = new StatsBuilder();
  await threads.measure(owner, query, (row, measures) => builder.add(row, measures));
  return builder.result("thread_count");
}

/** A time of `ThreadTotals` with its zone. */
export function utc(time: string | null | undefined): string | undefined {
  return time === null || time === undefined ? undefined : `${time}Z`;
}
