import type { VNode } from "preact";

/** Chooses one of a few views. */
export function Tabs<Option extends string>(props: {
  label: string;
  options: readonly Option[];
  chosen: Option;
  onChoose: (option: Option) => void;
}): VNode {
  return (
    <span class="tabs" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === props.chosen}
          onClick={() => props.onChoose(option)}
        >
          {option}
        </button>
      ))}
    </span>
  );
}
