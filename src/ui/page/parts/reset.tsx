import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post, workspace } from "../api.ts";
import { Failure } from "./notice.tsx";

/** Deletes everything, when it is asked for twice. */
export function Reset(): VNode {
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<Error>();
  if (!asked) {
    return (
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        Delete everything …
      </button>
    );
  }
  const reset = (query: string): void => void post(`/__local/reset${query}`).then(() => setAsked(false), setError);
  return (
    <div class="notice problem">
      <p>Projects, runners, jobs, runs and traces are gone then, and cannot be brought back.</p>
      <p class="toolbar">
        <button type="button" class="danger" onClick={() => reset("?all=true")}>
          Delete everything
        </button>
        <button type="button" class="danger" onClick={() => reset("")}>
          Delete the workspace {workspace()}
        </button>
        <button type="button" onClick={() => setAsked(false)}>
          Keep it
        </button>
      </p>
      <Failure error={error} />
    </div>
  );
}
