import type { VNode } from "preact";
import { get, type State, workspace } from "../api.ts";
import { BASE } from "../base.ts";
import { LIBRARY } from "../library-kinds.ts";
import { NamedList } from "../lists/named-list.tsx";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { Heading } from "../parts/heading.tsx";
import { Failure } from "../parts/notice.tsx";
import { Tabs } from "../parts/tabs.tsx";

const CONFIGURATIONS = "Configurations";
const TABS = [...LIBRARY.map(({ title }) => title), CONFIGURATIONS];

/** Prompts, datasets, experiments, optimizations, and configurations of agents. */
export function LibraryPage(): VNode {
  const [parameters, setParameters] = useParameters();
  const chosen = TABS.find((title) => title.toLowerCase() === parameters["list"]) ?? TABS[0] ?? "";
  const kind = LIBRARY.find(({ title }) => title === chosen);
  return (
    <>
      <Heading title="Library" />
      <p class="toolbar">
        <Tabs
          label="List"
          options={TABS}
          chosen={chosen}
          onChoose={(title) => setParameters({ list: title.toLowerCase() })}
        />
      </p>
      {kind === undefined ? <Configurations /> : <NamedList key={kind.path} kind={kind} />}
    </>
  );
}

/** Each project has one configuration at most. */
function Configurations(): VNode {
  const { value, error } = useLive(
    "configurations",
    () => get<State>("/__local/state"),
    ({ name }) => name.startsWith("project:"),
  );
  const projects = value?.projects.filter((project) => project.workspace === workspace()) ?? [];
  return (
    <>
      <Failure error={error} />
      {projects.length === 0 && <p class="faint">No projects yet.</p>}
      <ul class="cards">
        {projects.map(({ id, name }) => (
          <li key={id} class="card">
            <a class="row-link" href={`${BASE}/projects/${id}/configuration`}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
