import type { VNode } from "preact";
import type { Job } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween, preview } from "../format.ts";
import { Id } from "./id.tsx";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** Jobs of agents, one a row. */
export function JobTable({ jobs }: { jobs: readonly Job[] }): VNode {
  if (jobs.length === 0) return <p class="faint">No jobs yet.</p>;
  return (
    <Table heads={["Status", "Agent", "Inputs", "Result", "Took", "Created", "Id"]}>
      {jobs.map((job) => (
        <tr key={job.id}>
          <td>
            <a href={`${BASE}/jobs/${job.id}`}>
              <Status value={job.status ?? "pending"} />
            </a>
          </td>
          <td>{job.agent_name}</td>
          <td class="mono cut">{preview(job.inputs)}</td>
          <td class="mono cut">{job.error ?? preview(job.result)}</td>
          <td>{durationBetween(job.started_at, job.completed_at)}</td>
          <td>
            <Time value={job.created_at} />
          </td>
          <td>
            <Id value={job.id} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
