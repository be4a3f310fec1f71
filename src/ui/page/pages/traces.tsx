import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { get, type Page, query, type State, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween, preview } from "../format.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Failure } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { TracePage } from "./trace.tsx";

const PAGE_SIZE = 25;

/** The traces of a project, or one of them when the address names it (`?trace=`, as Opik's own links do). */
export function TracesPage({ id }: { id?: string }): VNode {
  const { query: parameters, route } = useLocation();
  const [page, setPage] = useState(0);
  const [search, setSearch] = useState("");
  const projects = useLive(
    "projects",
    () => get<State>("/__local/state"),
    ({ name }) => name.startsWith("project:"),
  );
  const chosen = parameters["trace"] ?? parameters["trace_id"];
  const project = id ?? projects.value?.projects[0]?.id;
  const traces = useLive(
    `${project} ${page} ${search}`,
    async () => {
      if (project === undefined) return undefined;
      const asked = { project_id: project, page: page + 1, size: PAGE_SIZE, search, truncate: "true" };
      return get<Page<Trace>>(`/v1/private/traces${query(asked)}`);
    },
    ({ name }) => name.startsWith("traces:") || name.startsWith("spans:"),
  );
  if (chosen !== undefined) return <TracePage id={chosen} />;
  return (
    <>
      <h1>Traces</h1>
      <Failure error={projects.error ?? traces.error} />
      <div class="toolbar">
        <select
          aria-label="Project"
          value={project}
          onChange={(event) => route(`${BASE}/projects/${event.currentTarget.value}/traces`)}
        >
          {projects.value?.projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <input
          type="search"
          placeholder="Search"
          aria-label="Search in the traces"
          onChange={(event) => {
            setPage(0);
            setSearch(event.currentTarget.value);
          }}
        />
      </div>
      {traces.value !== undefined && <TraceTable traces={traces.value.content} />}
      {traces.value !== undefined && <Pager page={page} size={PAGE_SIZE} total={traces.value.total} onPage={setPage} />}
    </>
  );
}

function TraceTable({ traces }: { traces: readonly Trace[] }): VNode {
  if (traces.length === 0) return <p class="faint">No traces here.</p>;
  return (
    <Table heads={["Name", "Input", "Output", "Took", "Started", "Id"]}>
      {traces.map((trace) => (
        <tr key={trace.id} class={trace.error_info === undefined ? "" : "failed"}>
          <td>
            <a href={`${BASE}/traces/${trace.id}`}>{trace.name ?? "without a name"}</a>
          </td>
          <td class="mono cut">{preview(trace.input)}</td>
          <td class="mono cut">{preview(trace.output)}</td>
          <td>{durationBetween(trace.start_time, trace.end_time)}</td>
          <td>
            <Time value={trace.start_time} />
          </td>
          <td>
            <Id value={trace.id ?? ""} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
