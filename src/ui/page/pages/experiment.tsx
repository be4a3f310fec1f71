import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type Page, query } from "../api.ts";
import { BASE } from "../base.ts";
import { preview } from "../format.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Failure } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { type Score, Scores } from "../parts/scores.tsx";
import { Section } from "../parts/section.tsx";
import { Table } from "../parts/table.tsx";

interface Experiment {
  name: string;
  dataset_id: string;
  dataset_name?: string;
  trace_count?: number;
  feedback_scores?: Score[];
  metadata?: unknown;
}

interface Compared {
  id: string;
  data: unknown;
  experiment_items?: Array<{ id: string; trace_id: string; output?: unknown; feedback_scores?: Score[] }>;
}

const PAGE_SIZE = 50;

/** An experiment: what came out for each item of its dataset, with its scores. */
export function ExperimentPage({ id }: { id: string }): VNode {
  const [page, setPage] = useState(0);
  const { value, error } = useLive(
    `${id} ${page}`,
    async () => {
      const experiment = await get<Experiment>(`/v1/private/experiments/${id}`);
      const asked = { experiment_ids: JSON.stringify([id]), page: page + 1, size: PAGE_SIZE };
      const path = `/v1/private/datasets/${experiment.dataset_id}/items/experiments/items`;
      return { experiment, items: await get<Page<Compared>>(path + query(asked)) };
    },
    ({ name }) => /^(?:experiment|traces|feedback)/.test(name),
  );
  if (value === undefined) return <Failure error={error} />;
  const { experiment, items } = value;
  return (
    <>
      <h1>{experiment.name}</h1>
      <p class="faint">
        <Id value={id} /> · {experiment.trace_count ?? 0} traces on{" "}
        <a href={`${BASE}/datasets/${experiment.dataset_id}`}>{experiment.dataset_name}</a>
      </p>
      <Scores scores={experiment.feedback_scores} />
      <Section title="Items">
        <Table heads={["Item", "Output", "Scores", "Trace"]}>
          {items.content.flatMap(({ id: item, data, experiment_items: results = [] }) =>
            results.map((result) => (
              <tr key={`${item} ${result.id}`}>
                <td class="mono cut">{preview(data)}</td>
                <td class="mono cut">{preview(result.output)}</td>
                <td>
                  <Scores scores={result.feedback_scores} />
                </td>
                <td>
                  <a href={`${BASE}/traces/${result.trace_id}`}>trace</a>
                </td>
              </tr>
            )),
          )}
        </Table>
        <Pager page={page} size={PAGE_SIZE} total={items.total} onPage={setPage} />
      </Section>
      {experiment.metadata !== undefined && (
        <Section title="Metadata">
          <Json value={experiment.metadata} />
        </Section>
      )}
    </>
  );
}
