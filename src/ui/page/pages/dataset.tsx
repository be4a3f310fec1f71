import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type Dataset, type DatasetItemPage, type DatasetVersion, get, type Page, query } from "../api.ts";
import { counted } from "../format.ts";
import { EXPERIMENTS } from "../library-kinds.ts";
import { NamedList } from "../lists/named-list.tsx";
import { useLive } from "../live.ts";
import { DatasetItems } from "../parts/dataset-items.tsx";
import { Heading } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Section } from "../parts/section.tsx";
import { Unread } from "../parts/unread.tsx";
import { VersionPicker } from "../parts/version-picker.tsx";

const MAX_VERSIONS = 100;

/** A dataset: its versions, the items of one of them, what it has changed; and its experiments. */
export function DatasetPage({ id }: { id: string }): VNode {
  const path = `/v1/private/datasets/${id}`;
  const [chosen, choose] = useState<string>();
  const { value, error } = useLive(
    id,
    async () => {
      const [dataset, versions, { columns }] = await Promise.all([
        get<Dataset>(path),
        get<Page<DatasetVersion>>(`${path}/versions${query({ size: MAX_VERSIONS })}`),
        get<DatasetItemPage>(`${path}/items?page=1&size=1`),
      ]);
      return { dataset, versions: versions.content, fields: columns.map(({ name }) => name) };
    },
    ({ name }) => name.startsWith("dataset:"),
  );
  if (value === undefined) return <Unread error={error} />;
  const { dataset, versions, fields } = value;
  const index = Math.max(
    0,
    versions.findIndex((version) => version.id === chosen),
  );
  return (
    <>
      <Heading title={dataset.name} />
      <p class="about">
        <Id value={id} isPrinted /> {dataset.description}
      </p>
      <div class="beside">
        <Section title="Versions">
          <VersionPicker
            chosen={versions[index]?.id}
            onChoose={choose}
            versions={versions.map((version) => ({
              ...{ id: version.id, name: version.version_name, tags: version.tags, time: version.created_at },
              note: describeVersion(version),
            }))}
          />
        </Section>
        <DatasetItems datasetId={id} fields={fields} version={versions[index]} before={versions[index + 1]} />
      </div>
      <Section title="Experiments">
        <NamedList kind={EXPERIMENTS} filter={{ datasetId: id }} />
      </Section>
    </>
  );
}

/** `3 items, 1 added, 2 deleted` */
function describeVersion(version: DatasetVersion): string {
  const { items_total, items_added, items_modified, items_deleted, change_description } = version;
  const changes = [
    [items_added, "added"],
    [items_modified, "changed"],
    [items_deleted, "deleted"],
  ] as const;
  return [
    counted(items_total, "item"),
    ...changes.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString("en")} ${what}`),
    ...(change_description === undefined ? [] : [change_description]),
  ].join(", ");
}
