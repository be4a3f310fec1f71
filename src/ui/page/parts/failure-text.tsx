import type { VNode } from "preact";
import { splitStack } from "../stack.ts";
import { Copy } from "./id.tsx";
import { Section } from "./section.tsx";

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
