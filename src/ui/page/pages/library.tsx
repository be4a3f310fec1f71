import type { VNode } from "preact";
import { get, type Page } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";

/** What the rows of all lists have. */
interface Named {
  id: string;
  name: string;
  last_updated_at?: string;
  version_count?: number;
  dataset_items_count?: number;
  dataset_name?: string;
  trace_count?: number;
}

const SIZE = 100;

/** The lists: where they come from, where their rows lead, and a number of each row. */
const LISTS: ReadonlyArray<{ title: string; path: string; count: (row: Named) => string }> = [
  { title: "Prompts", path: "prompts", count: ({ version_count = 0 }) => `${version_count} versions` },
  { title: "Datasets", path: "datasets", count: ({ dataset_items_count = 0 }) => `${dataset_items_count} items` },
  {
    title: "Experiments",
    path: "experiments",
    count: ({ dataset_name, trace_count = 0 }) => `${trace_count} traces on ${dataset_name ?? "no dataset"}`,
  },
];

/** Prompts, datasets and experiments. */
export function LibraryPage(): VNode {
  const { value, error } = useLive(
    "library",
    () => Promise.all(LISTS.map(({ path }) => get<Page<Named>>(`/v1/private/${path}?size=${SIZE}`))),
    ({ name }) => /^(?:prompt|dataset|experiment)/.test(name),
  );
  return (
    <>
      <h1>Library</h1>
      <Failure error={error} />
      {value !== undefined &&
        LISTS.map(({ title, path, count }, index) => (
          <Section key={path} title={title}>
            <NamedTable rows={value[index]?.content ?? []} path={path} count={count} />
          </Section>
        ))}
    </>
  );
}

function NamedTable(props: { rows: readonly Named[]; path: string; count: (row: Named) => string }): VNode {
  if (props.rows.length === 0) return <p class="faint">None yet.</p>;
  return (
    <Table heads={["Name", "Has", "Changed", "Id"]}>
      {props.rows.map((row) => (
        <tr key={row.id}>
          <td>
            <a href={`${BASE}/${props.path}/${row.id}`}>{row.name}</a>
          </td>
          <td>{props.count(row)}</td>
          <td>
            <Time value={row.last_updated_at} />
          </td>
          <td>
            <Id value={row.id} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
