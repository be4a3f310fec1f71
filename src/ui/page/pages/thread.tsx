import type { VNode } from "preact";
import { get, type Page, post, query, request, type Thread, type Trace } from "../api.ts";
import { BASE } from "../base.ts";
import { messagesIn, textOf } from "../conversation.ts";
import { counted, durationBetween } from "../format.ts";
import { useLive } from "../live.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";
import { Json } from "../parts/json.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { Scores } from "../parts/scores.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";

const THREADS = "/v1/private/traces/threads";
const MAX_TURNS = 1_000;

/** A thread: its traces as a conversation, oldest first. */
export function ThreadPage({ id, thread }: { id: string; thread: string }): VNode {
  const name = decodeURIComponent(thread);
  const asked = { project_id: id, thread_id: name };
  const { value, error, refresh } = useLive(
    `${id} ${thread}`,
    async () => {
      const filters = JSON.stringify([{ field: "thread_id", operator: "=", value: name }]);
      const page = { project_id: id, filters, page: 1, size: MAX_TURNS };
      const [head, traces] = await Promise.all([
        post<Thread>(`${THREADS}/retrieve`, asked),
        get<Page<Trace>>(`/v1/private/traces${query(page)}`),
      ]);
      return { head, traces: traces.content.toReversed() };
    },
    ({ name }) => /^(?:traces|threads|feedback-scores):/.test(name),
  );
  if (value === undefined) return <Unread error={error} />;
  const { head, traces } = value;
  const isOpen = head.status === "active";
  return (
    <>
      <Heading title={name} status={head.status} />
      <p class="about">
        {counted(traces.length, "trace")} · began <Time value={head.start_time} /> ·{" "}
        {durationBetween(head.start_time, head.end_time) ?? "…"} ·{" "}
        <a href={`${BASE}/projects/${id}/traces?view=threads`}>all threads</a>
      </p>
      <Scores scores={head.feedback_scores} />
      <p class="toolbar">
        <Act work={() => request("PUT", `${THREADS}/${isOpen ? "close" : "open"}`, asked)} onDone={refresh}>
          {isOpen ? "Close the thread" : "Open the thread"}
        </Act>
      </p>
      <div class="conversation">
        {traces.flatMap((trace) => [
          <Turn key={`${trace.id} in`} role="user" value={lastMessage("user", trace.input)} trace={trace} />,
          <Turn
            key={`${trace.id} out`}
            role="assistant"
            value={lastMessage("assistant", trace.output)}
            trace={trace}
          />,
        ])}
      </div>
    </>
  );
}

/** Of a whole conversation only the last message of that role is new. */
function lastMessage(role: string, value: unknown): unknown {
  const last = messagesIn(value)?.findLast((message) => message.role === role && message.text !== "");
  return last === undefined ? value : last.text;
}

function Turn({ role, value, trace }: { role: "user" | "assistant"; value: unknown; trace: Trace }): VNode | null {
  if (value === undefined || value === null) return null;
  const text = textOf(value);
  return (
    <div class={`message ${role}`}>
      <div class="message-role">
        {role} · <a href={`${BASE}/traces/${trace.id}`}>{trace.name ?? "trace"}</a> · <Time value={trace.start_time} />
      </div>
      {text === undefined ? <Json value={value} level={1} /> : <Markdown text={text} />}
    </div>
  );
}
