import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

const PAUSE_MS = 250;

/** Searches when the typing pauses. */
export function SearchField(props: { label: string; value: string; onSearch: (text: string) => void }): VNode {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (text: string): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => props.onSearch(text), PAUSE_MS);
  };
  return (
    <input
      type="search"
      placeholder={props.label}
      aria-label={props.label}
      defaultValue={props.value}
      onInput={(event) => search(event.currentTarget.value)}
    />
  );
}
