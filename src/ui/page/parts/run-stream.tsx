import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { useEvents } from "../live.ts";
import { Section } from "./section.tsx";

/** Of a longer stream only the end is shown: the server keeps none of it. */
const MAX_CHARACTERS = 200_000;

/** What the executor of a run streams while the page is open. */
export function RunStream({ runId }: { runId: string }): VNode | null {
  const texts = useRef(new Map<string, string>());
  const [, render] = useState(0);
  useEvents(({ name, payload }) => {
    if (name !== "run:chunk:streamed" || payload["run_id"] !== runId) return;
    const { chunk, stream_id } = payload as Record<"chunk" | "stream_id", string>;
    texts.current.set(stream_id, ((texts.current.get(stream_id) ?? "") + chunk).slice(-MAX_CHARACTERS));
    render((count) => count + 1);
  });
  if (texts.current.size === 0) return null;
  return (
    <Section title="Stream" aside={<span class="faint">since this page was opened</span>}>
      {[...texts.current].map(([name, text]) => (
        <div class="content" key={name}>
          {texts.current.size > 1 && <div class="message-role">{name}</div>}
          <pre class="plain">{text}</pre>
        </div>
      ))}
    </Section>
  );
}
