import type { RawJson } from "../../../core/json.ts";
import { decimalOf } from "../../wire/numbers.ts";

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
