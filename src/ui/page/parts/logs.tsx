import Anser from "anser";
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

export interface LogLine {
  /** `stdout`, `stderr`, or a level. */
  kind: string;
  text: string;
  time?: string;
}

/** Lines that are shown; more make a browser slow. */
const MAX_LINES = 5_000;

/** Shows log lines with their colours, and scrolls to the newest one unless the reader has scrolled up. */
export function Logs({ lines }: { lines: readonly LogLine[] }): VNode {
  const [wanted, setWanted] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = useMemo(() => {
    const matching = wanted === "" ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted));
    return matching.slice(-MAX_LINES);
  }, [lines, wanted]);
  useEffect(() => {
    if (follows.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [shown]);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? document.body;
    follows.current = scrollTop + clientHeight > scrollHeight - 20;
  };
  return (
    <div class="logs">
      <input
        type="search"
        placeholder={`Search in ${lines.length} lines`}
        aria-label="Search in the logs"
        onInput={(event) => setWanted(event.currentTarget.value.toLowerCase())}
      />
      <div class="log-lines" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label="Logs">
        {shown.length === 0 && <p class="faint">No lines.</p>}
        {shown.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </div>
    </div>
  );
}

function Line({ line: { kind, text, time } }: { line: LogLine }): VNode {
  const parts = Anser.ansiToJson(text.replace(/\n$/, ""), { use_classes: true, remove_empty: true });
  return (
    <div class={`log-line ${kind}`} title={time}>
      <span class="log-kind">{kind}</span>
      <span class="log-text">
        {parts.map((part, index) => (
          <span key={index} class={classesOf(part)}>
            {part.content}
          </span>
        ))}
      </span>
    </div>
  );
}

function classesOf({ fg, decorations }: Anser.AnserJsonEntry): string {
  return [fg, ...decorations.map((name) => `ansi-${name}`)].filter(Boolean).join(" ");
}
