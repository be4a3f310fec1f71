import type { VNode } from "preact";
import { type ComparedItem, type Experiment, get, type Page, query } from "../api.ts";
import { BASE } from "../base.ts";
import { counted, preview } from "../format.ts";
import { usePages } from "../lists/pages.ts";
import { type Column, VirtualTable } from "../lists/virtual-table.tsx";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { Content } from "../parts/content.tsx";
import { Heading } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Scores } from "../parts/scores.tsx";
import { Section } from "../parts/section.tsx";
import { Unread } from "../parts/unread.tsx";

const CANDIDATES = 100;
const CHANGES = /^(?:experiment|traces|feedback-scores|assertions)/;

/** An experiment: what came out for each item of its dataset, alone or beside another experiment (`?with=`). */
export function ExperimentPage({ id }: { id: string }): VNode {
  const [parameters, setParameters] = useParameters();
  const other = parameters["with"];
  const { value, error } = useLive(
    `${id} ${other}`,
    async () => {
      const experiment = await get<Experiment>(`/v1/private/experiments/${id}`);
      const asked = query({ datasetId: experiment.dataset_id, size: CANDIDATES });
      const { content } = await get<Page<Experiment>>(`/v1/private/experiments${asked}`);
      return { experiment, others: content.filter((one) => one.id !== id) };
    },
    ({ name }) => CHANGES.test(name),
  );
  if (value === undefined) return <Unread error={error} />;
  const { experiment, others } = value;
  const compared = others.filter((one) => one.id === other);
  return (
    <>
      <Heading title={experiment.name} />
      <p class="about">
        <Id value={id} isPrinted /> · {counted(experiment.trace_count ?? 0, "trace")} on{" "}
        <a href={`${BASE}/datasets/${experiment.dataset_id}`}>{experiment.dataset_name}</a>
      </p>
      <Scores scores={experiment.feedback_scores} />
      <Section
        title="Items"
        aside={
          others.length > 0 && (
            <label class="toolbar">
              compare with{" "}
              <select value={other} onChange={(event) => setParameters({ with: event.currentTarget.value })}>
                <option value="">–</option>
                {others.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
          )
        }
      >
        <ItemList datasetId={experiment.dataset_id} experiments={[experiment, ...compared]} />
      </Section>
      {experiment.metadata !== undefined && experiment.metadata !== null && (
        <Content title="Metadata" value={experiment.metadata} />
      )}
    </>
  );
}

/** The items of a dataset with what came out in each experiment. */
function ItemList({ datasetId, experiments }: { datasetId: string; experiments: readonly Experiment[] }): VNode {
  const ids = experiments.map(({ id }) => id);
  const rows = usePages<ComparedItem>(
    ids.join(" "),
    (page, size) => {
      const asked = { experiment_ids: JSON.stringify(ids), page: page + 1, size };
      return get<Page<ComparedItem>>(`/v1/private/datasets/${datasetId}/items/experiments/items${query(asked)}`);
    },
    ({ name }) => CHANGES.test(name),
  );
  const columns: ReadonlyArray<Column<ComparedItem>> = [
    { head: "Item", width: "3fr", class: "mono", cell: ({ data }) => preview(data) },
    ...experiments.flatMap((experiment) => columnsOf(experiment)),
  ];
  return <VirtualTable label="Items" columns={columns} rows={rows} keyOf={({ id }) => id} empty="No items yet." />;
}

function columnsOf({ id, name }: Experiment): ReadonlyArray<Column<ComparedItem>> {
  const resultOf = ({ experiment_items }: ComparedItem): ComparedItem["experiment_items"][number] | undefined =>
    experiment_items.find(({ experiment_id }) => experiment_id === id);
  return [
    {
      head: name,
      width: "3fr",
      class: "mono",
      cell: (item) => {
        const result = resultOf(item);
        return result && <a href={`${BASE}/traces/${result.trace_id}`}>{preview(result.output) || "trace"}</a>;
      },
    },
    {
      head: `scores of ${name}`,
      width: "3fr",
      isOptional: true,
      cell: (item) => <Scores scores={resultOf(item)?.feedback_scores} />,
    },
  ];
}
