import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, type Span, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import type { LiveEvent } from "../feed.ts";
import { compact, cost, counted, durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Heading } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { RecordDetails } from "../parts/record-details.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { Waterfall } from "../parts/waterfall.tsx";
import { readTrace } from "../read-trace.ts";

const NOT_FOUND = 404;

/** A trace: its spans in time, and what went in and out of each. */
export function TracePage({ id }: { id: string }): VNode {
  const [chosen, setChosen] = useState<string>();
  const { value, error } = useLive(id, () => readTrace(id), isOfTrace);
  if (value === undefined) return <Missing error={error} />;
  const { trace, spans, total } = value;
  const shown: Trace | Span = spans.find((span) => span.id === chosen) ?? trace;
  return (
    <>
      <Heading title={trace.name ?? "A trace without a name"} />
      <p class="about">
        <Id value={id} isPrinted /> · started <Time value={trace.start_time} /> · took{" "}
        {durationBetween(trace.start_time, trace.end_time) ?? "…"}
        {summaryOf(trace)} · <a href={`${BASE}/projects/${trace.project_id}/traces`}>all traces</a>
        {trace.thread_id !== undefined && (
          <>
            {" · thread "}
            <a href={`${BASE}/projects/${trace.project_id}/threads/${encodeURIComponent(trace.thread_id)}`}>
              {trace.thread_id}
            </a>
          </>
        )}
      </p>
      <Section
        title={counted(total, "span")}
        aside={total > spans.length && <span class="faint">the first {spans.length.toLocaleString("en")}</span>}
      >
        <Waterfall trace={trace} spans={spans} chosen={chosen} onChoose={setChosen} />
      </Section>
      <RecordDetails key={shown.id} record={shown} kind={shown === trace ? "trace" : "span"} />
    </>
  );
}

function isOfTrace({ name }: LiveEvent): boolean {
  return /^(?:traces|spans|feedback-scores|comments):/.test(name);
}

/** The SDKs print the link before they send the trace. */
function Missing({ error }: { error: Error | undefined }): VNode {
  if (!(error instanceof ApiError) || error.status !== NOT_FOUND) return <Unread error={error} />;
  return (
    <>
      <Heading title="This trace is not here yet" />
      <p class="faint">It appears by itself when the SDK has sent it. SDKs send traces together, every few seconds.</p>
    </>
  );
}

function summaryOf({ usage, total_estimated_cost }: Trace): string {
  const tokens = usage?.["total_tokens"];
  return [
    tokens === undefined ? "" : ` · ${compact(tokens)} tokens`,
    total_estimated_cost ? ` · ${cost(Number(total_estimated_cost))}` : "",
  ].join("");
}
