import type { VNode } from "preact";
import { type Dataset, type Experiment, get, type Optimization, type Page, type Prompt, query } from "../api.ts";
import { BASE } from "../base.ts";
import { Id } from "../parts/id.tsx";
import { Time } from "../parts/time.tsx";
import { usePages } from "./pages.ts";
import { type Column, VirtualTable } from "./virtual-table.tsx";

/** What the rows of the library's lists have: a name, and some of the fields of their kind. */
export type Named = Pick<Prompt, "id" | "name" | "last_updated_at"> &
  Partial<
    Pick<Prompt, "version_count"> &
      Pick<Dataset, "dataset_items_count"> &
      Pick<Experiment, "dataset_name" | "trace_count"> &
      Pick<Optimization, "objective_name" | "num_trials">
  >;

/** One of the library's lists: where it comes from, where its rows lead, and a number of each row. */
export interface NamedKind {
  title: string;
  path: string;
  events: RegExp;
  count: (row: Named) => string;
  /** What creates one with the SDK. */
  madeBy: string;
}

/** Things with names, the newest first. @param filter of the list's query */
export function NamedList(props: { kind: NamedKind; filter?: Record<string, string>; label?: string }): VNode {
  const { kind, filter = {} } = props;
  const rows = usePages<Named>(
    kind.path + query(filter),
    (page, size) => get<Page<Named>>(`/v1/private/${kind.path}${query({ ...filter, page: page + 1, size })}`),
    ({ name }) => kind.events.test(name),
  );
  const columns: ReadonlyArray<Column<Named>> = [
    {
      head: "Name",
      width: "3fr",
      cell: ({ id, name }) => (
        <a class="row-link" href={`${BASE}/${kind.path}/${id}`}>
          {name}
        </a>
      ),
    },
    { head: "Has", width: "3fr", cell: kind.count },
    { head: "Changed", width: "110px", cell: ({ last_updated_at }) => <Time value={last_updated_at} /> },
    { head: "Id", width: "90px", isOptional: true, cell: ({ id }) => <Id value={id} /> },
  ];
  return (
    <VirtualTable
      label={props.label ?? kind.title}
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      empty={
        <>
          No {kind.title.toLowerCase()} yet. <code>{kind.madeBy}</code> of the SDK creates one.
        </>
      }
    />
  );
}
