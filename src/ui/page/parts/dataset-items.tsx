import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type DatasetItem, type DatasetItemPage, type DatasetVersion, get, query } from "../api.ts";
import { preview } from "../format.ts";
import { usePages } from "../lists/pages.ts";
import { type Column, VirtualTable } from "../lists/virtual-table.tsx";
import { useLive } from "../live.ts";
import { Diff } from "./diff.tsx";
import { Id } from "./id.tsx";
import { Failure } from "./notice.tsx";
import { Section } from "./section.tsx";
import { Tabs } from "./tabs.tsx";

/** So many items of two versions are compared; the limit of the API's page. */
const MAX_COMPARED = 1_000;
const SHOWN_ON_HOVER = 2_000;
/** So many fields have a column in a narrow window. */
const ALWAYS_SHOWN = 3;

const ID_COLUMN: Column<DatasetItem> = {
  head: "Id",
  width: "90px",
  isOptional: true,
  cell: ({ id }) => <Id value={id} />,
};

/** The items of a version of a dataset, a column for each field; or what differs from the version before. */
export function DatasetItems(props: {
  datasetId: string;
  fields: readonly string[];
  /** Absent for a dataset without items. */
  version: DatasetVersion | undefined;
  before: DatasetVersion | undefined;
}): VNode {
  const { datasetId, fields, version, before } = props;
  const [view, setView] = useState<"items" | "changes">("items");
  return (
    <Section
      title={version === undefined ? "Items" : `Items of ${version.version_name}`}
      aside={<Tabs label="View" options={["items", "changes"]} chosen={view} onChoose={setView} />}
    >
      {view === "items" && <ItemList {...{ datasetId, fields, version }} />}
      {view === "changes" && <Changes {...{ datasetId, version, before }} />}
    </Section>
  );
}

function itemsPath(datasetId: string, page: number, size: number, version: DatasetVersion | undefined): string {
  return `/v1/private/datasets/${datasetId}/items${query({ page, size, version: version?.version_hash })}`;
}

function ItemList(props: { datasetId: string; fields: readonly string[]; version: DatasetVersion | undefined }): VNode {
  const { datasetId, fields, version } = props;
  const rows = usePages<DatasetItem>(
    `${datasetId} ${version?.id}`,
    (page, size) => get<DatasetItemPage>(itemsPath(datasetId, page + 1, size, version)),
    ({ name }) => name.startsWith("dataset:"),
  );
  return (
    <VirtualTable
      label="Items"
      columns={[...fields.map((name, index) => fieldColumn(name, index >= ALWAYS_SHOWN)), ID_COLUMN]}
      rows={rows}
      keyOf={({ id }) => id}
      empty="No items yet."
    />
  );
}

function fieldColumn(name: string, isOptional: boolean): Column<DatasetItem> {
  return {
    ...{ head: name, width: "1fr", class: "mono", isOptional },
    cell: ({ data }) => {
      const value = (data as Record<string, unknown> | undefined)?.[name];
      return <span title={preview(value, SHOWN_ON_HOVER)}>{preview(value)}</span>;
    },
  };
}

function Changes(props: {
  datasetId: string;
  version: DatasetVersion | undefined;
  before: DatasetVersion | undefined;
}): VNode {
  const { datasetId, version, before } = props;
  const { value, error } = useLive(
    `${version?.id} ${before?.id}`,
    async () => {
      const [left, right] = await Promise.all(
        [before, version].map((one) =>
          one === undefined ? "" : get<DatasetItemPage>(itemsPath(datasetId, 1, MAX_COMPARED, one)).then(printed),
        ),
      );
      return { left: left ?? "", right: right ?? "" };
    },
    () => false,
  );
  if (value === undefined) return <Failure error={error} />;
  return <Diff before={value.left} after={value.right} />;
}

/** A line for each item, in the order in which items of two versions are the same. */
function printed({ content }: DatasetItemPage): string {
  return content
    .toSorted((left, right) => left.dataset_item_id.localeCompare(right.dataset_item_id))
    .map(({ data }) => JSON.stringify(data))
    .join("\n");
}
