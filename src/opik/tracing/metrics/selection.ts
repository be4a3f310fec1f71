import { parseTimestamp } from "../../../core/timestamps.ts";
import type { Owner } from "../../access/owner.ts";
import type { Fields } from "../../search/fields.ts";
import type { FilterConditions } from "../../search/filters.ts";
import type { MeasuredRow } from "../record-table.ts";
import { SEARCHABLE_SPANS } from "../spans/filters.ts";
import type { SpanService } from "../spans/service.ts";
import type { Measures } from "../stats/stats.ts";
import { THREAD_FIELDS } from "../threads/filters.ts";
import type { ThreadService } from "../threads/service.ts";
import { SEARCHABLE_TRACES } from "../traces/filters.ts";
import type { TraceService } from "../traces/service.ts";
import type { EntityKind } from "./metrics.ts";
import type { Period } from "./time-buckets.ts";

/** What metrics are computed from. */
export interface MeasuredRecords {
  traces: TraceService;
  spans: SpanService;
  threads: ThreadService;
}

/** The records of a project that are measured. */
export interface Selection extends Period {
  of: EntityKind;
  projectId: string;
  filters?: FilterConditions;
}

export const NO_FILTERS: FilterConditions = { where: [], isSelective: false };

/** The filter fields of each kind of record. */
export const FIELDS: Readonly<Record<EntityKind, Fields>> = {
  traces: SEARCHABLE_TRACES.fields,
  spans: SEARCHABLE_SPANS.fields,
  threads: THREAD_FIELDS,
};

/** Visits the records of a project in a span of time, with what is measured of them. */
export async function measure(
  records: MeasuredRecords,
  owner: Owner,
  selection: Selection,
  visit: (row: MeasuredRow, measures: Measures) => void,
): Promise<void> {
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
  await records[of].measure(owner, query, visit);
}

/** @param time ISO 8601 with its zone */
export function millisecondsOf(time: string): number {
  return parseTimestamp(time) ?? Number.NaN;
}
