import type { VNode } from "preact";
import { get, type Job, type Page, query } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween, preview } from "../format.ts";
import { Id } from "../parts/id.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { usePages } from "./pages.ts";
import { type Column, VirtualTable } from "./virtual-table.tsx";

const COLUMNS: ReadonlyArray<Column<Job>> = [
  {
    head: "Status",
    width: "110px",
    cell: (job) => (
      <a class="row-link" href={`${BASE}/jobs/${job.id}`}>
        <Status value={job.status ?? "pending"} />
      </a>
    ),
  },
  { head: "Agent", width: "2fr", cell: (job) => job.agent_name },
  { head: "Inputs", width: "4fr", class: "mono", isOptional: true, cell: (job) => preview(job.inputs) },
  { head: "Result", width: "4fr", class: "mono", isOptional: true, cell: (job) => job.error ?? preview(job.result) },
  { head: "Took", width: "80px", isOptional: true, cell: (job) => durationBetween(job.started_at, job.completed_at) },
  { head: "Created", width: "110px", cell: (job) => <Time value={job.created_at} /> },
  { head: "Id", width: "90px", isOptional: true, cell: (job) => <Id value={job.id} /> },
];

/** All jobs of a runner. */
export function JobList({ runnerId }: { runnerId: string }): VNode {
  const rows = usePages<Job>(
    runnerId,
    (page, size) => get<Page<Job>>(`/v1/private/local-runners/${runnerId}/jobs${query({ page, size })}`),
    ({ name, payload }) => name === "job:status:changed" && (payload["job"] as Job | undefined)?.runner_id === runnerId,
  );
  return <VirtualTable label="Jobs" columns={COLUMNS} rows={rows} keyOf={({ id }) => id} empty="No jobs yet." />;
}
