import type { VNode } from "preact";
import type { Run } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween, preview } from "../format.ts";
import { Id } from "./id.tsx";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** Executor runs, one a row. */
export function RunTable({ runs, slugs }: { runs: readonly Run[]; slugs: ReadonlyMap<string, string> }): VNode {
  if (runs.length === 0) return <p class="faint">No executor runs yet.</p>;
  return (
    <Table heads={["Status", "Job", "Payload", "Result", "Attempt", "Took", "Created", "Id"]}>
      {runs.map((run) => (
        <tr key={run.id}>
          <td>
            <a href={`${BASE}/runs/${run.id}`}>
              <Status value={run.status} />
            </a>
          </td>
          <td>{slugs.get(run.job_id) ?? <Id value={run.job_id} />}</td>
          <td class="mono cut">{preview(run.payload)}</td>
          <td class="mono cut">{run.error ?? preview(run.result)}</td>
          <td>{run.attempt}</td>
          <td>{durationBetween(run.started_at, run.finished_at)}</td>
          <td>
            <Time value={run.created_at} />
          </td>
          <td>
            <Id value={run.id} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
