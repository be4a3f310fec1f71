import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type Page, query, type Span, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import { durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Failure } from "../parts/notice.tsx";
import { type Score, Scores } from "../parts/scores.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";
import { Waterfall } from "../parts/waterfall.tsx";

const MAX_SPANS = 1_000;

/** A trace: its spans in time, and what went in and out of each. */
export function TracePage({ id }: { id: string }): VNode {
  const [chosen, setChosen] = useState<string>();
  const { value, error } = useLive(
    id,
    async () => {
      const trace = await get<Trace>(`/v1/private/traces/${id}`);
      const asked = { project_id: trace.project_id, trace_id: id, size: MAX_SPANS };
      return { trace, spans: (await get<Page<Span>>(`/v1/private/spans${query(asked)}`)).content };
    },
    ({ name }) => name.startsWith("traces:") || name.startsWith("spans:"),
  );
  if (value === undefined) return <Failure error={error} />;
  const { trace, spans } = value;
  const shown = spans.find((span) => span.id === chosen) ?? trace;
  return (
    <>
      <h1>{trace.name ?? "A trace without a name"}</h1>
      <p class="faint">
        <Id value={id} /> · started <Time value={trace.start_time} /> · took{" "}
        {durationBetween(trace.start_time, trace.end_time) ?? "…"}
        {trace.thread_id !== undefined && <> · thread {trace.thread_id}</>} ·{" "}
        <a href={`${BASE}/projects/${trace.project_id}/traces`}>all traces</a>
      </p>
      <Section
        title={`${spans.length} ${spans.length === 1 ? "span" : "spans"}`}
        aside={
          chosen !== undefined && (
            <button type="button" onClick={() => setChosen(undefined)}>
              show the trace
            </button>
          )
        }
      >
        <Waterfall trace={trace} spans={spans} chosen={chosen} onChoose={setChosen} />
      </Section>
      <Details record={shown} title={chosen === undefined ? "Trace" : (shown.name ?? "Span")} />
    </>
  );
}

function Details({ record, title }: { record: Trace | Span; title: string }): VNode {
  const { model, provider, usage } = record as Partial<Span>;
  return (
    <>
      <h2>{title}</h2>
      {model !== undefined && (
        <p class="faint">
          {provider} {model}
        </p>
      )}
      <Scores scores={(record as { feedback_scores?: Score[] }).feedback_scores} />
      {record.error_info !== undefined && (
        <Section title="Error">
          <Json value={record.error_info} />
        </Section>
      )}
      <div class="columns">
        <Section title="Input">
          <Json value={record.input} />
        </Section>
        <Section title="Output">
          <Json value={record.output} />
        </Section>
      </div>
      {usage !== undefined && (
        <Section title="Usage">
          <Json value={usage} />
        </Section>
      )}
      {record.metadata !== undefined && (
        <Section title="Metadata">
          <Json value={record.metadata} />
        </Section>
      )}
      {Array.isArray(record.tags) && <p>Tags: {record.tags.join(", ")}</p>}
    </>
  );
}
