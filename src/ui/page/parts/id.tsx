import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { shortId } from "../format.ts";

const SHOWN_MS = 1_200;

/** An id, short; a click copies the whole one. */
export function Id({ value }: { value: string }): VNode {
  return <Copy text={value} label={shortId(value)} class="id" />;
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
