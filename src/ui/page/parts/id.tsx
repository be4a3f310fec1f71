import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { shortId } from "../format.ts";
import { isPrinting } from "../printing.ts";

const SHOWN_MS = 1_200;

/** An id, short; a click copies the whole one. @param isPrinted whether the whole one is on paper */
export function Id({ value, isPrinted = false }: { value: string; isPrinted?: boolean }): VNode {
  return <Copy text={value} label={isPrinted && isPrinting.value ? value : shortId(value)} class="id" />;
}

/** A button that copies a text. */
export function Copy({ text, label, class: name = "copy" }: { text: string; label: string; class?: string }): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button type="button" class={name} title={`Copy ${text}`} onClick={() => void copy()}>
      {copied ? "copied" : label}
    </button>
  );
}
