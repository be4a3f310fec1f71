import { RawJson } from "../../../core/json.ts";
import type { StoredJob } from "../../definitions/jobs/job.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunStatus } from "../../run/state-machine.ts";
import { mapPayload } from "./payload-mapping.ts";

/** What follows the end of a run. */
export interface Link {
  /** The slug of the next job. */
  job: string | undefined;
  /** The slug of the next workflow. */
  workflow: string | undefined;
  triggeredBy: "job_chain" | "job_failure";
  /** The payload of the next run. */
  payload: () => RawJson | undefined;
}

/** The statuses that `on_failure_*` follows: canceled and expired runs have not failed. */
const FAILURES: ReadonlySet<RunStatus> = new Set(["failed", "dead_letter", "timed_out", "crashed", "system_failed"]);

/** The chain links that the job of an ended run defines; `undefined` for none. */
export function linkAfter(run: RunRow, { definition }: StoredJob): Link | undefined {
  if (run.status === "completed") {
    return {
      job: definition.on_complete_trigger_job,
      workflow: definition.on_complete_trigger_workflow,
      triggeredBy: "job_chain",
      payload: () => mapPayload(resultOf(run), definition.on_complete_payload_mapping),
    };
  }
  if (!FAILURES.has(run.status)) return undefined;
  return {
    job: definition.on_failure_trigger_job,
    workflow: definition.on_failure_trigger_workflow,
    triggeredBy: "job_failure",
    payload: () => mapPayload(failureOf(run), definition.on_failure_payload_mapping),
  };
}

function resultOf({ result_json }: RunRow): RawJson | undefined {
  return result_json === null ? undefined : new RawJson(result_json);
}

/** The payload after a failed run, with all its fields (`onFailurePayload` of the real server). */
function failureOf(run: RunRow): RawJson {
  return RawJson.of({
    source_job_id: run.job_id,
    source_run_id: run.id,
    error: run.error ?? "",
    error_class: run.error_class ?? "",
    status: run.status,
    attempt: run.attempt,
    original_input: new RawJson(run.payload_json ?? "null"),
  });
}
