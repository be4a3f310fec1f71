import type { VNode } from "preact";
import type { ActivityJob, ActivityRun } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween } from "../format.ts";
import { Id } from "./id.tsx";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/** A few jobs in short. */
export function ActivityJobs({ jobs }: { jobs: readonly ActivityJob[] }): VNode {
  if (jobs.length === 0) return <p class="faint">No jobs yet.</p>;
  return (
    <Table heads={["Status", "Agent", "Inputs", "Result", "Took", "Created", "Id"]}>
      {jobs.map((job) => (
        <tr key={job.id}>
          <td>
            <a href={`${BASE}/jobs/${job.id}`}>
              <Status value={job.status} />
            </a>
          </td>
          <td>{job.agent_name}</td>
          <td class="mono cut">{job.input}</td>
          <td class="mono cut">{job.error ?? job.result}</td>
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

/** A few executor runs in short. */
export function ActivityRuns(props: { runs: readonly ActivityRun[]; slugs: ReadonlyMap<string, string> }): VNode {
  if (props.runs.length === 0) return <p class="faint">No executor runs yet.</p>;
  return (
    <Table heads={["Status", "Job", "Payload", "Result", "Attempt", "Took", "Created", "Id"]}>
      {props.runs.map((run) => (
        <tr key={run.id}>
          <td>
            <a href={`${BASE}/runs/${run.id}`}>
              <Status value={run.status} />
            </a>
          </td>
          <td>{props.slugs.get(run.job_id) ?? <Id value={run.job_id} />}</td>
          <td class="mono cut">{run.input}</td>
          <td class="mono cut">{run.error ?? run.result}</td>
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
