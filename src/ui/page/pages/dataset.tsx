import type { VNode } from "preact";
import { get, type Page } from "../api.ts";
import { preview } from "../format.ts";
import { EXPERIMENTS } from "../library-kinds.ts";
import { NamedList } from "../lists/named-list.tsx";
import { usePages } from "../lists/pages.ts";
import { type Column, VirtualTable } from "../lists/virtual-table.tsx";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";

interface Item {
  id: string;
  data: Record<string, unknown>;
}

interface Items extends Page<Item> {
  columns: Array<{ name: string }>;
}

/** A dataset: a row for each item, a column for each field; and its experiments. */
export function DatasetPage({ id }: { id: string }): VNode {
  const path = `/v1/private/datasets/${id}`;
  const { value, error } = useLive(
    id,
    async () => {
      const [dataset, { columns }] = await Promise.all([
        get<{ name: string; description?: string }>(path),
        get<Items>(`${path}/items?page=1&size=1`),
      ]);
      return { dataset, columns };
    },
    ({ name }) => name.startsWith("dataset:"),
  );
  const rows = usePages<Item>(
    id,
    (page, size) => get<Items>(`${path}/items?page=${page + 1}&size=${size}`),
    ({ name }) => name.startsWith("dataset:"),
  );
  if (value === undefined) return <Failure error={error} />;
  const { dataset, columns } = value;
  return (
    <>
      <h1>{dataset.name}</h1>
      <p class="about">
        <Id value={id} /> {dataset.description}
      </p>
      <Section title="Items">
        <VirtualTable
          label="Items"
          columns={[...columns.map(({ name }, index) => fieldColumn(name, index > 2)), ID_COLUMN]}
          rows={rows}
          keyOf={(item) => item.id}
          empty="No items yet."
        />
      </Section>
      <Section title="Experiments">
        <NamedList kind={EXPERIMENTS} filter={{ datasetId: id }} />
      </Section>
    </>
  );
}

const ID_COLUMN: Column<Item> = {
  head: "Id",
  width: "90px",
  isOptional: true,
  cell: (item) => <Id value={item.id} />,
};

const SHOWN_ON_HOVER = 2_000;

function fieldColumn(name: string, isOptional: boolean): Column<Item> {
  return {
    ...{ head: name, width: "1fr", class: "mono", isOptional },
    cell: ({ data }) => <span title={preview(data[name], SHOWN_ON_HOVER)}>{preview(data[name])}</span>,
  };
}
