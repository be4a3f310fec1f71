import Anser from "anser";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { counted } from "../format.ts";
import { useVirtual } from "../lists/virtual.ts";

export interface LogLine {
  /** `stdout`, `stderr`, or a level. */
  kind: string;
  text: string;
  time?: string;
}

const LINE_PX = 20;
/** So few lines need no box of full height. */
const FEW = 12;
const PROBLEMS = new Set(["stderr", "error", "fatal"]);

/** Log lines with their colours. It scrolls to the newest one unless the reader has scrolled up. */
export function Logs({ lines }: { lines: readonly LogLine[] }): VNode {
  const [wanted, setWanted] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = useMemo(
    () => (wanted === "" ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted))),
    [lines, wanted],
  );
  const virtual = useVirtual({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 10,
  });
  useEffect(() => {
    if (follows.current && shown.length > 0) virtual.scrollToIndex(shown.length - 1, { align: "end" });
  }, [shown]);
  const onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? document.body;
    follows.current = scrollTop + clientHeight > scrollHeight - LINE_PX;
  };
  const items = virtual.getVirtualItems();
  return (
    <div class="logs">
      <div class="log-tools">
        <input
          type="search"
          placeholder={`Search in ${counted(lines.length, "line")}`}
          aria-label="Search in the logs"
          onInput={(event) => setWanted(event.currentTarget.value.toLowerCase())}
        />
        {wanted !== "" && <span class="faint">{shown.length.toLocaleString("en")} found</span>}
      </div>
      <div
        class={`log-lines ${shown.length < FEW ? "few" : ""}`}
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label="Logs"
      >
        {shown.length === 0 && <p class="faint">No lines.</p>}
        <div class="list-body" style={{ height: `${virtual.getTotalSize()}px` }}>
          <div class="virtual" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ index, key }) => {
              const line = shown[index];
              if (line === undefined) return null;
              return (
                <div key={key} data-index={index} ref={(node) => virtual.measureElement(node)}>
                  <Line line={line} wanted={wanted} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function Line({ line: { kind, text, time }, wanted }: { line: LogLine; wanted: string }): VNode {
  const parts = Anser.ansiToJson(text.replace(/\n$/, ""), { use_classes: true, remove_empty: true });
  return (
    <div class={`log-line ${PROBLEMS.has(kind) ? "problem" : ""}`} title={time}>
      <span class="log-kind">{kind}</span>
      <span class="log-text">
        {parts.map((part, index) => (
          <span key={index} class={classesOf(part)}>
            {marked(part.content, wanted)}
          </span>
        ))}
      </span>
    </div>
  );
}

/** A text with what was searched for marked. */
function marked(text: string, wanted: string): ComponentChildren {
  const position = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted);
  if (position < 0) return text;
  const end = position + wanted.length;
  return [
    text.slice(0, position),
    <mark key={position}>{text.slice(position, end)}</mark>,
    marked(text.slice(end), wanted),
  ];
}

function classesOf({ fg, decorations }: Anser.AnserJsonEntry): string {
  return [fg, ...decorations.map((name) => `ansi-${name}`)].filter(Boolean).join(" ");
}
