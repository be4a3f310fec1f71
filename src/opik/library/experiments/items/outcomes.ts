import type { Owner } from "../../../access/owner.ts";
import type { AssertionService } from "../../../tracing/assertions/service.ts";
import type { TraceService } from "../../../tracing/traces/service.ts";
import { jsonField } from "../../../wire/columns.ts";
import { EXPERIMENT_ITEMS, type ExperimentItemRow } from "./row.ts";
import type { AssertionResult, ExperimentItem, RunSummary } from "./schema.ts";

export interface OutcomesDependencies {
  traces: TraceService;
  assertions: AssertionService;
}

/** Shows items of experiments with the results of their traces. */
export class Outcomes {
  readonly #traces: TraceService;
  readonly #assertions: AssertionService;

  constructor({ traces, assertions }: OutcomesDependencies) {
    this.#traces = traces;
    this.#assertions = assertions;
  }

  /** The items as clients see them; the fields from a trace are absent until it exists. */
  show(owner: Owner, rows: readonly ExperimentItemRow[]): ExperimentItem[] {
    const traceIds = rows.map(({ trace_id }) => trace_id);
    const traces = this.#traces.byIds(owner, traceIds);
    const assertionsOf = this.#assertions.resultsOf(owner.workspace, "trace", traceIds);
    return rows.map((row) => {
      const trace = traces.get(row.trace_id);
      const results = assertionsOf(row.trace_id).map(({ name, status, reason }): AssertionResult => ({
        value: name,
        passed: status === "passed",
        reason: reason ?? undefined,
      }));
      return {
        ...EXPERIMENT_ITEMS.toFields(row),
        input: trace?.input,
        output: trace?.output,
        trace_metadata: trace?.metadata,
        total_estimated_cost: trace?.total_estimated_cost,
        duration: trace?.duration,
        usage: trace?.usage,
        trace_visibility_mode: trace?.visibility_mode,
        execution_policy: jsonField(row.execution_policy_json),
        feedback_scores: trace?.feedback_scores,
        comments: trace?.comments,
        assertion_results: results.length === 0 ? undefined : results,
        status: statusOf(results),
      };
    });
  }
}

/** A run has passed when all of its assertions have; without any it has no status. */
function statusOf(results: readonly AssertionResult[]): ExperimentItem["status"] {
  if (results.length === 0) return undefined;
  return results.every(({ passed }) => passed) ? "passed" : "failed";
}

/** The default number of runs of one item of a dataset that must pass. */
const DEFAULT_THRESHOLD = 1;

/** The result of the runs of one item of a dataset in one experiment; nothing when none of them has a status. */
export function summarizeRuns(
  runs: ReadonlyArray<Pick<ExperimentItem, "status" | "execution_policy">>,
): RunSummary | undefined {
  const judged = runs.filter(({ status }) => status !== undefined);
  if (judged.length === 0) return undefined;
  const passed_runs = judged.filter(({ status }) => status === "passed").length;
  const policy = runs.find(({ execution_policy }) => execution_policy !== undefined)?.execution_policy?.parse() as
    | { pass_threshold?: number }
    | undefined;
  const hasPassed = passed_runs >= (policy?.pass_threshold ?? DEFAULT_THRESHOLD);
  return { passed_runs, total_runs: judged.length, status: hasPassed ? "passed" : "failed" };
}
