import { decimalOf } from "../../../wire/numbers.ts";
import type { Experiment } from "../schema.ts";
import type { Aggregations } from "./schema.ts";

/** The decimals of costs in groups of experiments, and of all else. */
const COST_PLACES = 12;
const PLACES = 9;

const PERCENTILES = ["p50", "p90", "p99"] as const;

/** A sum of values, each with its weight. */
class Weighted {
  #sum = 0;
  #weight = 0;

  add(value: number, weight: number): void {
    this.#sum += value * weight;
    this.#weight += weight;
  }

  get average(): number {
    return this.#sum / Math.max(1, this.#weight);
  }
}

/** Adds up experiments, and groups of them by the numbers of their experiments [opik 11.6]. */
export class GroupTotals {
  experiments = 0;
  #traces = 0;
  #cost = 0;
  readonly #costs = new Weighted();
  readonly #durations = new Map<string, Weighted>();
  readonly #feedback = new Map<string, Weighted>();
  readonly #scores = new Map<string, Weighted>();

  add(experiment: Experiment): void {
    this.experiments += 1;
    this.#traces += experiment.trace_count;
    const { duration, total_estimated_cost: cost, total_estimated_cost_avg: average } = experiment;
    this.#cost += Number(cost?.text ?? 0);
    this.#costs.add(Number(average?.text ?? 0), 1);
    for (const name of PERCENTILES) {
      if (duration !== undefined) weightedIn(this.#durations, name).add(Number(duration[name].text), 1);
    }
    for (const { name, value } of experiment.feedback_scores ?? [])
      weightedIn(this.#feedback, name).add(Number(value.text), 1);
    const scores = (experiment.experiment_scores?.parse() ?? []) as Array<{ name: string; value: number }>;
    for (const { name, value } of scores) weightedIn(this.#scores, name).add(value, 1);
  }

  /** Adds a group: its averages count as often as it has experiments. */
  addGroup(group: GroupTotals): void {
    this.experiments += group.experiments;
    this.#traces += group.#traces;
    this.#cost += group.#cost;
    this.#costs.add(group.#costs.average, group.experiments);
    addAll(this.#durations, group.#durations, group.experiments);
    addAll(this.#feedback, group.#feedback, group.experiments);
    addAll(this.#scores, group.#scores, group.experiments);
  }

  /** @param isInner whether the group has groups inside: then nothing is absent but durations */
  result(isInner: boolean): Aggregations {
    const average = this.#costs.average;
    const [p50, p90, p99] = PERCENTILES.map((name) => decimalOf(this.#durations.get(name)?.average ?? 0, PLACES));
    const hasDuration = this.#durations.size > 0;
    return {
      experiment_count: this.experiments,
      trace_count: this.#traces,
      total_estimated_cost: isInner || this.#cost > 0 ? decimalOf(this.#cost, COST_PLACES) : undefined,
      total_estimated_cost_avg: isInner || average > 0 ? decimalOf(average, isInner ? PLACES : COST_PLACES) : undefined,
      duration: hasDuration && p50 && p90 && p99 ? { p50, p90, p99 } : undefined,
      feedback_scores: scoresOf(this.#feedback, isInner),
      experiment_scores: scoresOf(this.#scores, isInner),
    };
  }
}

function weightedIn(all: Map<string, Weighted>, name: string): Weighted {
  const known = all.get(name) ?? new Weighted();
  all.set(name, known);
  return known;
}

function addAll(all: Map<string, Weighted>, others: ReadonlyMap<string, Weighted>, weight: number): void {
  for (const [name, { average }] of others) weightedIn(all, name).add(average, weight);
}

function scoresOf(scores: ReadonlyMap<string, Weighted>, isInner: boolean): Aggregations["feedback_scores"] {
  if (scores.size === 0) return isInner ? [] : undefined;
  return [...scores]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { average }]) => ({ name, value: decimalOf(average, PLACES) }));
}
