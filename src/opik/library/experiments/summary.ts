import { inSlices } from "../../../core/slices.ts";
import type { Owner } from "../../access/owner.ts";
import type { AssertionService } from "../../tracing/assertions/service.ts";
import type { AverageScore } from "../../tracing/feedback/schema.ts";
import { ScoreAverages } from "../../tracing/feedback/score.ts";
import type { FeedbackService } from "../../tracing/feedback/service.ts";
import { costField } from "../../tracing/spans/cost.ts";
import type { TraceService } from "../../tracing/traces/service.ts";
import { TraceTotals } from "../../tracing/traces/statistics.ts";
import { jsonField } from "../../wire/columns.ts";
import { decimalOf, doubleOf } from "../../wire/numbers.ts";
import { summarizeRuns } from "./items/outcomes.ts";
import type { ExperimentItemService } from "./items/service.ts";
import type { ExperimentRow } from "./row.ts";
import type { ExperimentSummary } from "./schema.ts";

export interface SummariesDependencies {
  items: ExperimentItemService;
  traces: TraceService;
  assertions: AssertionService;
  feedback: FeedbackService;
}

/** The number of items that are added up at once, so that other requests are answered between. */
const ITEMS_AT_ONCE = 200;

/** The decimals of durations and averages in answers of the real server. */
const PLACES = 9;

/** Computes the totals of the items of experiments [opik 11.1]. */
export class Summaries {
  readonly #items: ExperimentItemService;
  readonly #traces: TraceService;
  readonly #assertions: AssertionService;
  readonly #feedback: FeedbackService;

  constructor({ items, traces, assertions, feedback }: SummariesDependencies) {
    this.#items = items;
    this.#traces = traces;
    this.#assertions = assertions;
    this.#feedback = feedback;
  }

  /** The summary of one experiment; items that are written meanwhile may count or not. */
  async summarize(owner: Owner, { id, evaluation_method: method }: ExperimentRow): Promise<ExperimentSummary> {
    const { workspace } = owner;
    const totals = new TraceTotals();
    const scores = new ScoreAverages();
    const assertions = new AssertionTotals();
    let after: string | undefined;
    await inSlices(() => {
      const rows = this.#items.ofExperiments(workspace, [id], after, ITEMS_AT_ONCE);
      const traceIds = rows.map(({ trace_id }) => trace_id);
      this.#traces.addTo(totals, workspace, traceIds);
      this.#feedback.addTo(scores, workspace, "trace", traceIds);
      const resultsOf = this.#assertions.resultsOf(workspace, "trace", traceIds);
      for (const row of rows) assertions.add(row, resultsOf(row.trace_id));
      after = rows.at(-1)?.id ?? after;
      return rows.length === ITEMS_AT_ONCE;
    });
    const { traces: trace_count, dataset_items: dataset_item_count } = this.#items.counts(workspace, id);
    const fields = { trace_count, dataset_item_count, ...traceFields(totals), feedback_scores: scores.result() };
    return method === "evaluation_suite" ? { ...fields, ...assertions.result() } : { ...fields, ...NO_ASSERTIONS };
  }
}

type TraceFields = Pick<ExperimentSummary, "duration" | "total_estimated_cost" | "total_estimated_cost_avg" | "usage">;

function traceFields(totals: TraceTotals): TraceFields {
  const statistics = totals.result();
  const { duration, usage } = statistics ?? {};
  return {
    duration: duration && {
      p50: decimalOf(duration.p50, PLACES),
      p90: decimalOf(duration.p90, PLACES),
      p99: decimalOf(duration.p99, PLACES),
    },
    total_estimated_cost: costField(statistics?.costSum ?? null),
    total_estimated_cost_avg: costField(statistics?.costAverage ?? null),
    usage: usage?.size ? new Map([...usage].map(([kind, tokens]) => [kind, doubleOf(tokens)])) : undefined,
  };
}

type AssertionFields = Pick<ExperimentSummary, "pass_rate" | "passed_count" | "total_count" | "assertion_scores">;

const NO_ASSERTIONS: AssertionFields = {
  pass_rate: undefined,
  passed_count: undefined,
  total_count: undefined,
  assertion_scores: undefined,
};

/** A run of an item of a dataset. */
type Run = Parameters<typeof summarizeRuns>[0][number];

/** Adds up the results of assertions of one experiment. */
class AssertionTotals {
  readonly #runs = new Map<string, Run[]>();
  readonly #passed = new Map<string, boolean[]>();

  add(
    item: { dataset_item_id: string; execution_policy_json: string | null },
    results: ReadonlyArray<{ name: string; status: "passed" | "failed" }>,
  ): void {
    for (const { name, status } of results) append(this.#passed, name, status === "passed");
    if (results.length === 0) return;
    const status = results.every((result) => result.status === "passed") ? "passed" : "failed";
    append(this.#runs, item.dataset_item_id, { status, execution_policy: jsonField(item.execution_policy_json) });
  }

  /** How many of the items of the dataset passed, and how often each assertion did. */
  result(): AssertionFields {
    if (this.#runs.size === 0) return NO_ASSERTIONS;
    const summaries = [...this.#runs.values()].map(summarizeRuns);
    const passed = summaries.filter((summary) => summary?.status === "passed").length;
    return {
      pass_rate: decimalOf(passed / summaries.length, PLACES),
      passed_count: passed,
      total_count: summaries.length,
      assertion_scores: [...this.#passed].map(([name, values]): AverageScore => ({
        name,
        value: decimalOf(values.filter(Boolean).length / values.length, PLACES),
      })),
    };
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
