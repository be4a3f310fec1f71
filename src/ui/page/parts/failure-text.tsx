import type { VNode } from "preact";
import { Copy } from "./id.tsx";
import { Section } from "./section.tsx";

/** Lines of a stack in Python and JavaScript. */
const FRAME = /^\s+(?:at |File ")|^Traceback /;

/** An error: its message, and its stack folded. */
export function FailureText({ text }: { text: string }): VNode {
  const { message, stack } = splitStack(text);
  return (
    <Section title="Error" aside={<Copy text={text} label="copy" />}>
      <div class="notice problem">
        <pre class="stack">{message}</pre>
        {stack !== "" && (
          <details>
            <summary>Stack</summary>
            <pre class="stack">{stack}</pre>
          </details>
        )}
      </div>
    </Section>
  );
}

/** Python's message stands behind the stack, JavaScript's before it. */
export function splitStack(text: string): { message: string; stack: string } {
  const lines = text.trimEnd().split("\n");
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first < 0) return { message: text.trimEnd(), stack: "" };
  if (lines[first]?.startsWith("Traceback ") === true) {
    const end = lines.findLastIndex((line) => /^\s/.test(line));
    const message = [...lines.slice(0, first), ...lines.slice(end + 1)].join("\n");
    return message === ""
      ? { message: text.trimEnd(), stack: "" }
      : { message, stack: lines.slice(first, end + 1).join("\n") };
  }
  const message = lines.slice(0, first).join("\n");
  return { message, stack: lines.slice(first).join("\n") };
}
