import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { messagesIn, textOf } from "../conversation.ts";
import { Conversation } from "./conversation.tsx";
import { Copy } from "./id.tsx";
import { Json } from "./json.tsx";
import { Markdown } from "./markdown.tsx";
import { Section } from "./section.tsx";
import { Tabs } from "./tabs.tsx";

type View = "conversation" | "markdown" | "text" | "json";

interface ContentProps {
  title: string;
  value: unknown;
  aside?: ComponentChildren;
  /** What is shown when there is no value; default `nothing`. */
  empty?: string;
  /** Whether its fields have names that matter, so that it is shown as JSON at first. */
  isRecord?: boolean;
}

/** A value under a heading: as a conversation when it is one, as Markdown, as plain text, or as JSON. */
export function Content({ title, value, aside, empty = "nothing", isRecord = false }: ContentProps): VNode {
  const messages = messagesIn(value);
  const text = textOf(value);
  const [chosen, choose] = useState<View>();
  const views: View[] = [
    ...(messages === undefined ? [] : (["conversation"] as const)),
    ...(text === undefined ? [] : (["markdown"] as const)),
    ...(["json", "text"] as const),
  ];
  const first = isRecord ? "json" : (views[0] ?? "json");
  const view = chosen !== undefined && views.includes(chosen) ? chosen : first;
  const isEmpty = value === undefined || value === null;
  return (
    <Section
      title={title}
      aside={
        <span class="toolbar">
          {aside}
          {!isEmpty && <Tabs label={`${title} as`} options={views} chosen={view} onChoose={choose} />}
          {!isEmpty && <Copy text={text ?? JSON.stringify(value, null, 2)} label="copy" />}
        </span>
      }
    >
      <div class="content">
        {view === "conversation" && messages !== undefined && <Conversation messages={messages} />}
        {view === "markdown" && text !== undefined && <Markdown text={text} />}
        {view === "text" && !isEmpty && <pre class="plain">{text ?? JSON.stringify(value, null, 2)}</pre>}
        {isEmpty && <span class="faint">{empty}</span>}
        {view === "json" && !isEmpty && <Json value={value} />}
      </div>
    </Section>
  );
}
