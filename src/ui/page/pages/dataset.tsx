import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type Page } from "../api.ts";
import { preview } from "../format.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Failure } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { Table } from "../parts/table.tsx";

interface Items extends Page<{ id: string; data: Record<string, unknown> }> {
  columns: Array<{ name: string }>;
}

const PAGE_SIZE = 50;

/** A dataset: a row for each item, a column for each field. */
export function DatasetPage({ id }: { id: string }): VNode {
  const [page, setPage] = useState(0);
  const path = `/v1/private/datasets/${id}`;
  const { value, error } = useLive(
    `${id} ${page}`,
    async () => ({
      dataset: await get<{ name: string; description?: string }>(path),
      items: await get<Items>(`${path}/items?page=${page + 1}&size=${PAGE_SIZE}`),
    }),
    ({ name }) => name.startsWith("dataset"),
  );
  if (value === undefined) return <Failure error={error} />;
  const { dataset, items } = value;
  return (
    <>
      <h1>{dataset.name}</h1>
      <p class="faint">
        <Id value={id} /> · {items.total} items {dataset.description}
      </p>
      <Table heads={[...items.columns.map(({ name }) => name), "Id"]}>
        {items.content.map((item) => (
          <tr key={item.id}>
            {items.columns.map(({ name }) => (
              <td key={name} class="mono cut" title={preview(item.data[name], 2_000)}>
                {preview(item.data[name])}
              </td>
            ))}
            <td>
              <Id value={item.id} />
            </td>
          </tr>
        ))}
      </Table>
      <Pager page={page} size={PAGE_SIZE} total={items.total} onPage={setPage} />
    </>
  );
}
