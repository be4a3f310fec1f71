import type { VNode } from "preact";
import { BASE } from "../base.ts";
import { compact, cost, durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Diff } from "../parts/diff.tsx";
import { Heading } from "../parts/heading.tsx";
import { Scores } from "../parts/scores.tsx";
import { Section } from "../parts/section.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { readTrace, type WholeTrace } from "../read-trace.ts";

/** Two traces beside each other, and what differs between them. */
export function ComparePage({ left, right }: { left: string; right: string }): VNode {
  const { value, error } = useLive(
    `${left} ${right}`,
    () => Promise.all([readTrace(left), readTrace(right)]),
    ({ name }) => /^(?:traces|spans|feedback-scores):/.test(name),
  );
  if (value === undefined) return <Unread error={error} />;
  const [before, after] = value;
  return (
    <>
      <Heading title="Compare two traces" />
      <Table
        heads={[
          "Trace",
          "Took",
          "Spans",
          { optional: "Tokens" },
          "Cost",
          { optional: "Scores" },
          { optional: "Started" },
        ]}
      >
        {value.map(({ trace, total }) => (
          <tr key={trace.id}>
            <td class="text">
              <a href={`${BASE}/traces/${trace.id}`}>{trace.name ?? "without a name"}</a>
            </td>
            <td>{durationBetween(trace.start_time, trace.end_time)}</td>
            <td>{total}</td>
            <td class="optional">
              {trace.usage?.["total_tokens"] === undefined ? "" : compact(trace.usage["total_tokens"])}
            </td>
            <td>{trace.total_estimated_cost ? cost(Number(trace.total_estimated_cost)) : ""}</td>
            <td class="optional">
              <Scores scores={trace.feedback_scores} />
            </td>
            <td class="optional">
              <Time value={trace.start_time} />
            </td>
          </tr>
        ))}
      </Table>
      {PARTS.map(([title, textOf]) => (
        <Section key={title} title={title}>
          <Diff before={textOf(before)} after={textOf(after)} />
        </Section>
      ))}
    </>
  );
}

/** What is compared, as text. */
const PARTS: ReadonlyArray<[title: string, textOf: (whole: WholeTrace) => string]> = [
  ["Input", ({ trace }) => printed(trace.input)],
  ["Output", ({ trace }) => printed(trace.output)],
  ["Error", ({ trace }) => printed(trace.error_info)],
  ["Metadata", ({ trace }) => printed(trace.metadata)],
  [
    "Spans",
    ({ spans }) => spans.map(({ name, type, model }) => [type, name, model].filter(Boolean).join(" ")).join("\n"),
  ],
];

function printed(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
