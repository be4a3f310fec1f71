import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post, workspace } from "../api.ts";
import { useOpened } from "../focus.ts";
import { Failure } from "./notice.tsx";

/** Deletes everything, after a confirmation. */
export function Reset(): VNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="danger" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Delete everything …
      </button>
      {isOpen && <Confirmation onClose={() => setOpen(false)} />}
    </>
  );
}

function Confirmation({ onClose }: { onClose: () => void }): VNode {
  const box = useOpened<HTMLDivElement>(onClose);
  const [error, setError] = useState<Error>();
  const reset = (query: string): void => void post(`/__local/reset${query}`).then(onClose, setError);
  return (
    <div class="notice problem" ref={box}>
      <p>Projects, runners, jobs, runs and traces are gone then, and cannot be brought back.</p>
      <p class="toolbar">
        <button type="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" class="danger" onClick={() => reset("")}>
          Delete the workspace {workspace()}
        </button>
        <button type="button" class="danger" onClick={() => reset("?all=true")}>
          Delete everything
        </button>
      </p>
      <Failure error={error} />
    </div>
  );
}
