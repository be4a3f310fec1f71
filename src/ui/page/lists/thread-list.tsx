import type { VNode } from "preact";
import { get, type Page, query, type Thread } from "../api.ts";
import { BASE } from "../base.ts";
import { duration, preview } from "../format.ts";
import { Scores } from "../parts/scores.tsx";
import { Status } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { usePages } from "./pages.ts";
import { type Column, VirtualTable } from "./virtual-table.tsx";

const COLUMNS: ReadonlyArray<Column<Thread>> = [
  {
    head: "Thread",
    width: "2fr",
    cell: ({ id, project_id }) => (
      <a class="row-link" href={`${BASE}/projects/${project_id}/threads/${encodeURIComponent(id)}`}>
        {id}
      </a>
    ),
  },
  { head: "Status", width: "100px", isOptional: true, cell: ({ status }) => <Status value={status} /> },
  { head: "First message", width: "4fr", cell: ({ first_message }) => preview(first_message) },
  { head: "Last message", width: "4fr", isOptional: true, cell: ({ last_message }) => preview(last_message) },
  { head: "Messages", width: "76px", class: "number", cell: ({ number_of_messages }) => number_of_messages },
  {
    head: "Scores",
    width: "2fr",
    isOptional: true,
    cell: ({ feedback_scores }) => <Scores scores={feedback_scores} />,
  },
  {
    head: "Took",
    width: "90px",
    isOptional: true,
    cell: (thread) => (thread.duration === undefined ? "" : duration(Number(thread.duration))),
  },
  { head: "Changed", width: "110px", isOptional: true, cell: (thread) => <Time value={thread.last_updated_at} /> },
];

/** Threads of a project. */
export function ThreadList({ projectId }: { projectId: string }): VNode {
  const rows = usePages<Thread>(
    projectId,
    (page, size) => {
      const asked = { project_id: projectId, page: page + 1, size, truncate: "true" };
      return get<Page<Thread>>(`/v1/private/traces/threads${query(asked)}`);
    },
    ({ name }) => /^(?:traces|threads|feedback-scores):/.test(name),
  );
  return (
    <VirtualTable
      label="Threads"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ thread_model_id }) => thread_model_id}
      empty="No threads yet. Traces with the same thread_id are one conversation."
    />
  );
}
