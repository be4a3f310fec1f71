import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { post, type RunJob } from "../api.ts";
import { BASE } from "../base.ts";
import { Act } from "./act.tsx";
import { JsonField } from "./json-field.tsx";
import { Failure } from "./notice.tsx";
import { Time } from "./time.tsx";

/** A job of executor runs, with its payload to trigger it. @param next when its schedule fires next */
export function TriggerForm({ job, next }: { job: RunJob; next: string | undefined }): VNode {
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
    <form class="form" onSubmit={(event) => void submit(event)}>
      <h3>{job.name}</h3>
      <p class="about">
        {job.slug} · {job.execution_mode}
        {job.cron !== undefined && (
          <>
            {" · "}
            <code>{job.cron}</code>
          </>
        )}
        {next !== undefined && (
          <>
            {", next "}
            <Time value={next} />
          </>
        )}
        {job.paused && " · paused"}
      </p>
      <JsonField label="payload" defaultValue={payload} onInput={setPayload} />
      <Failure error={error} />
      <span class="toolbar">
        <button type="submit" disabled={job.paused}>
          Trigger
        </button>
        <Act work={() => post(`/v1/jobs/${job.id}/${job.paused ? "resume" : "pause"}`)}>
          {job.paused ? "Resume" : "Pause"}
        </Act>
      </span>
    </form>
  );
}
