import type { VNode } from "preact";
import type { ErrorInfo, Span, Trace } from "../api.ts";
import { Attachments } from "./attachments.tsx";
import { Content } from "./content.tsx";
import { FailureText } from "./failure-text.tsx";
import { Scores } from "./scores.tsx";
import { Time } from "./time.tsx";

/** What went in and out of a trace or span, and what was said about it. */
export function RecordDetails({ record, kind }: { record: Trace | Span; kind: "trace" | "span" }): VNode {
  const { model, provider, usage } = record as Partial<Span>;
  const { feedback_scores, comments } = record;
  return (
    <>
      <h2>{kind === "trace" ? "The trace" : (record.name ?? "Span")}</h2>
      {(model !== undefined || provider !== undefined) && (
        <p class="about">
          {provider} {model}
        </p>
      )}
      {Array.isArray(record.tags) && record.tags.length > 0 && (
        <p class="toolbar">
          {record.tags.map((tag) => (
            <span class="tag" key={tag}>
              {String(tag)}
            </span>
          ))}
        </p>
      )}
      <Scores scores={feedback_scores} />
      {record.error_info !== undefined && record.error_info !== null && (
        <FailureText text={errorText(record.error_info as ErrorInfo)} />
      )}
      <div class="columns">
        <Content title="Input" value={record.input} />
        <Content title="Output" value={record.output} />
      </div>
      {record.id !== undefined && record.project_id !== undefined && (
        <Attachments kind={kind} id={record.id} projectId={record.project_id} />
      )}
      {usage !== undefined && usage !== null && <Content title="Usage" value={usage} />}
      {record.metadata !== undefined && record.metadata !== null && (
        <Content title="Metadata" value={record.metadata} />
      )}
      {comments?.map(({ id, text, created_by, created_at }) => (
        <p class="notice" key={id}>
          {text} <span class="faint">{created_by}</span> <Time value={created_at} />
        </p>
      ))}
    </>
  );
}

/** The last line of a traceback names the exception already. */
function errorText({ exception_type = "Error", message, traceback }: ErrorInfo): string {
  const said = message === undefined ? exception_type : `${exception_type}: ${message}`;
  if (traceback === undefined) return said;
  return traceback.includes(exception_type) ? traceback : `${traceback}\n${said}`;
}
