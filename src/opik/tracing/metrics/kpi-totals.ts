import { RawJson } from "../../../core/json.ts";
import { doubleOf } from "../../wire/numbers.ts";
import type { MeasuredRow } from "../record-table.ts";
import { roundedCost } from "../spans/cost.ts";
import type { Measures } from "../stats/stats.ts";
import { Total } from "../stats/totals.ts";
import { durationOf } from "./metrics.ts";
import type { KpiCards } from "./schema.ts";

/** The values of KPI cards for a span of time. */
export class KpiTotals {
  readonly #durations = new Total();
  readonly #costs = new Total();
  #errors = 0;

  add(row: MeasuredRow, measures: Measures): void {
    const duration = durationOf([row, measures]);
    if (Number.isFinite(duration)) this.#durations.add(duration);
    this.#costs.add(measures.cost);
    this.#errors += row.error;
  }

  of(type: KpiCards["stats"][number]["type"]): RawJson {
    const { count } = this.#costs;
    switch (type) {
      case "count":
        return doubleOf(count);
      case "avg_duration":
        return averageOrNull(this.#durations);
      case "total_cost":
        return costOf(this.#costs);
      case "errors":
        return doubleOf(count === 0 ? 0 : (this.#errors * 100) / count);
    }
  }
}

/** An average; `null` of no numbers. */
export function averageOrNull(total: Total): RawJson {
  return total.count === 0 ? RawJson.of(null) : doubleOf(total.average);
}

/** A sum of costs. */
export function costOf(total: Total): RawJson {
  return doubleOf(roundedCost(total.sum));
}
