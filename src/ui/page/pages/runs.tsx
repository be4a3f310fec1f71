import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Cursored, get, query, type Run, type RunJob } from "../api.ts";
import { useLive } from "../live.ts";
import { Failure } from "../parts/notice.tsx";
import { RunTable } from "../parts/run-table.tsx";
import { Section } from "../parts/section.tsx";
import { TriggerForm } from "../parts/trigger-form.tsx";

const PAGE_SIZE = 50;
const STATUSES = ["executing", "waiting", "queued", "delayed", "completed", "failed", "dead_letter", "canceled"];

/** Jobs and runs of Strait's API. */
export function RunsPage(): VNode {
  const [status, setStatus] = useState("");
  const [cursor, setCursor] = useState<string>();
  const jobs = useLive(
    "jobs",
    () => get<Cursored<RunJob>>("/v1/jobs?limit=100"),
    ({ name }) => name.startsWith("run:job:"),
  );
  const runs = useLive(
    `${status} ${cursor}`,
    () => get<Cursored<Run>>(`/v1/runs${query({ limit: PAGE_SIZE, status, cursor })}`),
    ({ name }) => name === "run:created" || name === "run:status:changed",
  );
  const definitions = jobs.value?.data ?? [];
  return (
    <>
      <h1>Executor runs</h1>
      <Failure error={jobs.error ?? runs.error} />
      <Section title="Jobs">
        {definitions.length === 0 && <p class="faint">No jobs. `POST /v1/jobs` or a fixture makes one.</p>}
        <div class="agents">
          {definitions.map((job) => (
            <TriggerForm key={job.id} job={job} />
          ))}
        </div>
      </Section>
      <Section
        title="Runs"
        aside={
          <select
            aria-label="Status"
            value={status}
            onChange={(event) => {
              setCursor(undefined);
              setStatus(event.currentTarget.value);
            }}
          >
            <option value="">all</option>
            {STATUSES.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        }
      >
        {runs.value !== undefined && (
          <RunTable runs={runs.value.data} slugs={new Map(definitions.map(({ id, slug }) => [id, slug]))} />
        )}
        {cursor !== undefined && (
          <button type="button" onClick={() => setCursor(undefined)}>
            newest
          </button>
        )}{" "}
        {runs.value?.has_more === true && (
          <button type="button" onClick={() => setCursor(runs.value?.next_cursor)}>
            older
          </button>
        )}
      </Section>
    </>
  );
}
