import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { get, type State, workspace } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { Heading } from "../parts/heading.tsx";
import { Unread } from "../parts/unread.tsx";

/** Leads to the project of a name (`?name=`), as soon as there is one: `get_project_url` of the SDKs knows no id. */
export function ProjectByNamePage(): VNode {
  const [{ name = "" }] = useParameters();
  const { route } = useLocation();
  const { value, error } = useLive(
    name,
    () => get<State>("/__local/state"),
    ({ name }) => name === "project:created",
  );
  const project = value?.projects.find((one) => one.name === name && one.workspace === workspace());
  useEffect(() => {
    if (project !== undefined) route(`${BASE}/projects/${project.id}`, true);
  }, [project?.id]);
  if (value === undefined || project !== undefined) return <Unread error={error} />;
  return (
    <>
      <Heading title={`There is no project ${name} yet`} />
      <p class="faint">It appears by itself: its first trace or runner makes it.</p>
    </>
  );
}
