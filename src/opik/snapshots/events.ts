import type { OpikContext } from "../context.ts";
import type { RecordTableName, Row } from "./tables.ts";

type Events = OpikContext["events"];
type RestoredRow = Row & { id: string; workspace: string };

/** The limit of ids in one event, which is that of a batch of the API. */
const IDS_OF_EVENT = 1_000;

/** Tables whose events have the ids of several records. */
const EVENTS_OF_SEVERAL = {
  environments: "environments:written",
  prompts: "prompts:written",
  traces: "traces:written",
  spans: "spans:written",
  threads: "threads:changed",
  annotation_queues: "annotation-queues:written",
  dashboards: "dashboards:written",
} as const satisfies Partial<Record<RecordTableName, string>>;

/** Emits the events of records that were restored, as the API does for new ones. */
export function announce(events: Events, table: RecordTableName, rows: readonly RestoredRow[]): void {
  if (table in EVENTS_OF_SEVERAL) {
    announceTogether(events, EVENTS_OF_SEVERAL[table as keyof typeof EVENTS_OF_SEVERAL], rows);
    return;
  }
  for (const row of rows) announceOne(events, table, row);
}

function announceTogether(
  events: Events,
  name: (typeof EVENTS_OF_SEVERAL)[keyof typeof EVENTS_OF_SEVERAL],
  rows: readonly RestoredRow[],
): void {
  for (const [workspace, ofWorkspace] of Map.groupBy(rows, (row) => row.workspace)) {
    const ids = ofWorkspace.map(({ id }) => id);
    for (let start = 0; start < ids.length; start += IDS_OF_EVENT) {
      events.emit(name, { ids: ids.slice(start, start + IDS_OF_EVENT), workspace });
    }
  }
}

function announceOne(events: Events, table: RecordTableName, row: RestoredRow): void {
  const { id, workspace } = row;
  const name = String(row["name"]);
  if (table === "blueprints")
    events.emit("agent-configs:written", { project_id: String(row["project_id"]), workspace });
  if (table === "datasets") events.emit("dataset:created", { id, name, workspace });
  if (table === "optimizations") events.emit("optimization:written", { id, name, workspace });
  if (table === "experiments") {
    events.emit("experiment:created", { id, name, dataset_id: String(row["dataset_id"]), workspace });
  }
}
