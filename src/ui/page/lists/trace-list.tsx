import type { VNode } from "preact";
import { get, type Page, query, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import { compact, cost, durationBetween, preview } from "../format.ts";
import { Scores } from "../parts/scores.tsx";
import { Time } from "../parts/time.tsx";
import { usePages } from "./pages.ts";
import { type Column, VirtualTable } from "./virtual-table.tsx";

function columnsWith(chosen: ReadonlySet<string>, onChoose: (id: string) => void): ReadonlyArray<Column<Trace>> {
  return [
    {
      head: "⇄",
      width: "28px",
      isOptional: true,
      cell: ({ id = "", name }) => (
        <input
          type="checkbox"
          class="compare"
          aria-label={`Compare ${name ?? id}`}
          checked={chosen.has(id)}
          onChange={() => onChoose(id)}
        />
      ),
    },
    {
      head: "Name",
      width: "3fr",
      cell: (trace) => (
        <a class={`row-link ${trace.error_info === undefined ? "" : "bad"}`} href={`${BASE}/traces/${trace.id}`}>
          {trace.error_info !== undefined && <span title="failed">✕ </span>}
          {trace.name ?? "without a name"}
        </a>
      ),
    },
    { head: "Input", width: "4fr", class: "mono", isOptional: true, cell: ({ input }) => preview(input) },
    { head: "Output", width: "4fr", class: "mono", cell: ({ output }) => preview(output) },
    {
      head: "Scores",
      width: "3fr",
      isOptional: true,
      cell: ({ feedback_scores }) => <Scores scores={feedback_scores} />,
    },
    {
      head: "Tokens",
      width: "64px",
      class: "number",
      isOptional: true,
      cell: ({ usage }) => (usage?.["total_tokens"] === undefined ? "" : compact(usage["total_tokens"])),
    },
    {
      head: "Cost",
      width: "84px",
      class: "number",
      isOptional: true,
      cell: ({ total_estimated_cost }) => (total_estimated_cost ? cost(Number(total_estimated_cost)) : ""),
    },
    { head: "Took", width: "76px", cell: (trace) => durationBetween(trace.start_time, trace.end_time) },
    { head: "Started", width: "106px", isOptional: true, cell: (trace) => <Time value={trace.start_time} /> },
  ];
}

/** Traces of a project that pass a search and filters, newest first. */
export function TraceList(props: {
  projectId: string;
  search: string | undefined;
  filters: string | undefined;
  chosen: ReadonlySet<string>;
  onChoose: (id: string) => void;
}): VNode {
  const { projectId, search, filters, chosen, onChoose } = props;
  const rows = usePages<Trace>(
    JSON.stringify([projectId, search, filters]),
    (page, size) => {
      const asked = { project_id: projectId, page: page + 1, size, search, filters, truncate: "true" };
      return get<Page<Trace>>(`/v1/private/traces${query(asked)}`);
    },
    ({ name }) => /^(?:traces|spans|feedback-scores):/.test(name),
  );
  const isFiltered = search !== undefined || filters !== undefined;
  return (
    <VirtualTable
      label="Traces"
      columns={columnsWith(chosen, onChoose)}
      rows={rows}
      keyOf={({ id = "" }) => id}
      empty={
        isFiltered
          ? "No trace is like that."
          : "No traces yet. Functions with @opik.track write one for each call; so do agents for each job."
      }
    />
  );
}
