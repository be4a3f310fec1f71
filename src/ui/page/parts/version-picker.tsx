import type { VNode } from "preact";
import { Time } from "./time.tsx";

export interface PickedVersion {
  id: string;
  name: string;
  /** Environments, and what kind of version it is. */
  tags: readonly string[];
  note: string;
  time: string | undefined;
}

/** The versions of something, newest first, one of which is shown. */
export function VersionPicker(props: {
  versions: readonly PickedVersion[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}): VNode {
  if (props.versions.length === 0) return <p class="faint">No versions yet.</p>;
  return (
    <ul class="versions">
      {props.versions.map(({ id, name, tags, note, time }) => (
        <li key={id}>
          <button
            type="button"
            aria-current={id === props.chosen ? "true" : undefined}
            onClick={() => props.onChoose(id)}
          >
            <strong>{name}</strong>{" "}
            {tags.map((tag) => (
              <span class="tag" key={tag}>
                {tag}
              </span>
            ))}{" "}
            <span class="faint">
              <Time value={time} /> {note}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
