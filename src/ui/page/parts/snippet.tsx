import type { VNode } from "preact";
import { Copy } from "./id.tsx";

/** A text to copy into a terminal. */
export function Snippet({ text }: { text: string }): VNode {
  return (
    <div class="snippet">
      <pre>{text}</pre>
      <Copy text={text} label="copy" />
    </div>
  );
}
