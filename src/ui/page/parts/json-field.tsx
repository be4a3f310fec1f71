import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";

const INDENT = "  ";

/** A text area for JSON: shows at once what is wrong with it, and formats it. */
export function JsonField(props: {
  label: string;
  note?: string;
  name?: string;
  rows?: number;
  required?: boolean;
  defaultValue: string;
  onInput?: (text: string) => void;
}): VNode {
  const { label, note = "JSON", name, rows = 3, required = false, defaultValue, onInput } = props;
  const id = useId();
  const [text, setText] = useState(defaultValue);
  const problem = problemOf(text);
  const change = (next: string): void => {
    setText(next);
    onInput?.(next);
  };
  const format = (): void => {
    if (problem === undefined && text.trim() !== "") change(JSON.stringify(JSON.parse(text), null, INDENT));
  };
  return (
    <div class="field">
      <span>
        <label for={id}>{label}</label> <span class="faint">{note}</span>{" "}
        <button type="button" class="bare" disabled={problem !== undefined} onClick={format}>
          format
        </button>{" "}
        <span class="problem" id={`${id}-problem`}>
          {problem}
        </span>
      </span>
      <textarea
        id={id}
        name={name}
        rows={rows}
        required={required}
        spellcheck={false}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </div>
  );
}

/** What is wrong with a JSON text; nothing is wrong with no text. */
function problemOf(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
