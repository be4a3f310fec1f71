import type { RawJson } from "../../../core/json.ts";
import { decimalOf } from "../../wire/numbers.ts";
import { COST_VERSION, estimateCost, type PricedSpan } from "../costs/estimate.ts";

/** The real server's column has 26 digits before the point, and it answers 500 to more. */
export const COST_LIMIT = 1e26;

/** The places of the decimals in which the real server keeps costs. */
const PLACES = 12;

/** A cost in US dollars as a field of an answer; nothing when there is none [opik 7.3]. */
export function costField(cost: number | null): RawJson | undefined {
  const rounded = roundedCost(cost ?? 0);
  return rounded === 0 ? undefined : decimalOf(rounded, PLACES);
}

/** A sum of costs without what binary fractions add to it. */
export function roundedCost(cost: number): number {
  return Number(cost.toFixed(PLACES));
}

/** A span with the cost of its model and usage, unless its author has given one. */
export function withCost<
  Priced extends PricedSpan & { total_estimated_cost: number | null; total_estimated_cost_version: string | null },
>(row: Priced): Priced {
  const isGiven = row.total_estimated_cost !== null && row.total_estimated_cost_version !== COST_VERSION;
  if (isGiven) return row;
  const cost = roundedCost(estimateCost(row));
  if (cost === 0 && row.total_estimated_cost === null && row.total_estimated_cost_version === null) return row;
  if (cost === 0) return { ...row, total_estimated_cost: null, total_estimated_cost_version: null };
  return { ...row, total_estimated_cost: cost, total_estimated_cost_version: COST_VERSION };
}
