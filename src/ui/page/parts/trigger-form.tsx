import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { post, type RunJob } from "../api.ts";
import { BASE } from "../base.ts";
import { Failure } from "./notice.tsx";

/** A job of executor runs, with its payload to trigger it. */
export function TriggerForm({ job }: { job: RunJob }): VNode {
  const { route } = useLocation();
  const [payload, setPayload] = useState("{}");
  const [error, setError] = useState<Error>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setError(undefined);
    try {
      const run = await post<{ id: string }>(`/v1/jobs/${job.id}/trigger`, { payload: JSON.parse(payload) });
      route(`${BASE}/runs/${run.id}`);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <form class="agent" onSubmit={(event) => void submit(event)}>
      <h3>{job.name}</h3>
      <p class="faint">
        {job.slug} · {job.execution_mode}
        {job.cron !== undefined && <> · {job.cron}</>}
        {job.paused && <> · paused</>}
      </p>
      <label class="field">
        <span>
          payload <span class="faint">JSON</span>
        </span>
        <textarea rows={3} value={payload} onInput={(event) => setPayload(event.currentTarget.value)} />
      </label>
      <Failure error={error} />
      <button type="submit" disabled={job.paused}>
        Trigger
      </button>
    </form>
  );
}
