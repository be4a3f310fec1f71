import type { VNode } from "preact";
import type { ActivityJob, ActivityRun } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween } from "../format.ts";
import { Id } from "./id.tsx";
import { Status } from "./status.tsx";
import { type Head, Table } from "./table.tsx";
import { Time } from "./time.tsx";

const ENDS: readonly Head[] = [{ optional: "Took" }, "Created", { optional: "Id" }];
const JOB_HEADS: readonly Head[] = ["Status", "Agent", { optional: "Inputs" }, { optional: "Result" }, ...ENDS];
const RUN_HEADS: readonly Head[] = [
  ...["Status", "Job"],
  ...[{ optional: "Payload" }, { optional: "Result" }, { optional: "Attempt" }],
  ...ENDS,
];

/** A few jobs in short. */
export function ActivityJobs({ jobs }: { jobs: readonly ActivityJob[] }): VNode {
  if (jobs.length === 0) return <p class="faint">No jobs yet. Open a runner to run one of its agents.</p>;
  return (
    <Table heads={JOB_HEADS}>
      {jobs.map((job) => (
        <tr key={job.id}>
          <td>
            <a class="row-link" href={`${BASE}/jobs/${job.id}`}>
              <Status value={job.status} />
            </a>
          </td>
          <td class="cut">{job.agent_name}</td>
          <td class="mono cut optional">{job.input}</td>
          <td class="mono cut optional">{job.error ?? job.result}</td>
          <td class="optional">{durationBetween(job.started_at, job.completed_at)}</td>
          <td>
            <Time value={job.created_at} />
          </td>
          <td class="optional">
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
    <Table heads={RUN_HEADS}>
      {props.runs.map((run) => (
        <tr key={run.id}>
          <td>
            <a class="row-link" href={`${BASE}/runs/${run.id}`}>
              <Status value={run.status} />
            </a>
          </td>
          <td class="cut">{props.slugs.get(run.job_id) ?? <Id value={run.job_id} />}</td>
          <td class="mono cut optional">{run.input}</td>
          <td class="mono cut optional">{run.error ?? run.result}</td>
          <td class="optional">{run.attempt}</td>
          <td class="optional">{durationBetween(run.started_at, run.finished_at)}</td>
          <td>
            <Time value={run.created_at} />
          </td>
          <td class="optional">
            <Id value={run.id} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
