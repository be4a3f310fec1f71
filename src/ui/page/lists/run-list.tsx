import type { VNode } from "preact";
import { type Cursored, get, query, type Run } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween, preview } from "../format.ts";
import { Id } from "../parts/id.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { useCursor } from "./cursor.ts";
import { type Column, VirtualTable } from "./virtual-table.tsx";

const PAGE_SIZE = 100;

/** Whose slugs are shown instead of the ids of jobs. */
type Slugs = ReadonlyMap<string, string>;

function columnsWith(slugs: Slugs): ReadonlyArray<Column<Run>> {
  return [
    {
      head: "Status",
      width: "124px",
      cell: (run) => (
        <a class="row-link" href={`${BASE}/runs/${run.id}`}>
          <Status value={run.status} />
        </a>
      ),
    },
    { head: "Job", width: "2fr", cell: (run) => slugs.get(run.job_id) ?? <Id value={run.job_id} /> },
    { head: "Payload", width: "4fr", class: "mono", isOptional: true, cell: (run) => preview(run.payload) },
    { head: "Result", width: "4fr", class: "mono", isOptional: true, cell: (run) => run.error ?? preview(run.result) },
    { head: "Attempt", width: "64px", class: "number", isOptional: true, cell: (run) => run.attempt },
    { head: "Took", width: "80px", isOptional: true, cell: (run) => durationBetween(run.started_at, run.finished_at) },
    { head: "Created", width: "110px", cell: (run) => <Time value={run.created_at} /> },
    { head: "Id", width: "90px", isOptional: true, cell: (run) => <Id value={run.id} /> },
  ];
}

/** Executor runs of the chosen project. @param status `""` for all, `dead_letter` for the dead letter queue */
export function RunList(props: { status: string; slugs: Slugs; project: string }): VNode {
  const { status, slugs, project } = props;
  const rows = useCursor<Run>({
    key: `${project} ${status}`,
    read: (cursor) => {
      const path = status === "dead_letter" ? "/v1/runs/dlq" : "/v1/runs";
      const filter = status === "dead_letter" ? undefined : status;
      return get<Cursored<Run>>(path + query({ limit: PAGE_SIZE, status: filter, cursor }));
    },
    adds: ({ name }) => name === "run:created" || (status !== "" && name === "run:status:changed"),
    changed: ({ name, payload }) => (name === "run:status:changed" ? (payload["run"] as Run) : undefined),
  });
  return (
    <VirtualTable
      label="Executor runs"
      columns={columnsWith(slugs)}
      rows={rows}
      keyOf={({ id }) => id}
      empty={status === "" ? "No executor runs yet: trigger a job above." : `No run is ${status.replaceAll("_", " ")}.`}
    />
  );
}
