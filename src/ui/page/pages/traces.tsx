import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { get, type State, workspace } from "../api.ts";
import { BASE } from "../base.ts";
import { ThreadList } from "../lists/thread-list.tsx";
import { TraceList } from "../lists/trace-list.tsx";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Heading } from "../parts/heading.tsx";
import { Failure } from "../parts/notice.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { readFilters } from "../trace-filters.ts";
import { TracePage } from "./trace.tsx";

const VIEWS = ["traces", "threads"] as const;

/** The traces of a project, or one of them when the address names it (`?trace=`, as Opik's own links do). */
export function TracesPage({ id }: { id?: string }): VNode {
  const { route } = useLocation();
  const [parameters, setParameters] = useParameters();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const state = useLive(
    "projects",
    () => get<State>("/__local/state"),
    ({ name }) => name.startsWith("project:"),
  );
  const trace = parameters["trace"] ?? parameters["trace_id"];
  if (trace !== undefined) return <TracePage id={trace} />;
  const projects = state.value?.projects.filter((project) => project.workspace === workspace());
  const projectId = id ?? projects?.[0]?.id;
  const view = parameters["view"] === "threads" ? "threads" : "traces";
  const choose = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    // The two that were chosen last are compared.
    setChosen(new Set([...next].slice(-2)));
  };
  const [left, right] = chosen;
  if (projects?.length === 0) {
    return (
      <>
        <Heading title="Traces" />
        <p class="faint">
          There is no project yet: the first trace or runner creates one. <a href={`${BASE}/`}>Connect an agent</a>
        </p>
      </>
    );
  }
  return (
    <>
      <Heading title="Traces" />
      <Failure error={state.error} />
      <div class="toolbar">
        <select
          aria-label="Project"
          value={projectId}
          onChange={(event) => route(`${BASE}/projects/${event.currentTarget.value}/traces`)}
        >
          {projects?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <Tabs
          label="View"
          options={VIEWS}
          chosen={view}
          onChoose={(view) => setParameters({ view: view === "traces" ? undefined : view })}
        />
        {view === "traces" && (
          <>
            <SearchField
              label="Search in the traces"
              value={parameters["search"] ?? ""}
              onSearch={(search) => setParameters({ search })}
            />
            <FilterBar
              filters={readFilters(parameters["filters"])}
              onChange={(filters) => setParameters({ filters: filters.length === 0 ? "" : JSON.stringify(filters) })}
            />
            {left !== undefined && right !== undefined && (
              <button type="button" class="main" onClick={() => route(`${BASE}/compare/${left}/${right}`)}>
                Compare the two
              </button>
            )}
          </>
        )}
      </div>
      {projectId !== undefined && view === "threads" && <ThreadList projectId={projectId} />}
      {projectId !== undefined && view === "traces" && (
        <TraceList
          {...{ projectId, chosen, search: parameters["search"], filters: parameters["filters"], onChoose: choose }}
        />
      )}
    </>
  );
}
