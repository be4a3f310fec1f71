import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post, type Wait } from "../api.ts";
import { Failure } from "./notice.tsx";
import { Status } from "./status.tsx";

/** What a run waits for, with the event to send. */
export function SendEvent({ wait, onSent }: { wait: Wait; onSent: () => void }): VNode {
  const [payload, setPayload] = useState("{}");
  const [error, setError] = useState<Error>();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setError(undefined);
    try {
      await post(`/v1/events/${encodeURIComponent(wait.event_key)}/send`, { payload: JSON.parse(payload) });
      onSent();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  if (wait.status !== "waiting") {
    return (
      <p>
        <Status value={wait.status} /> event <code>{wait.event_key}</code>
      </p>
    );
  }
  return (
    <form class="notice" onSubmit={(event) => void submit(event)}>
      <p>
        This run waits for the event <code>{wait.event_key}</code>.
      </p>
      <label class="field">
        <span>
          payload <span class="faint">JSON</span>
        </span>
        <textarea rows={2} value={payload} onInput={(event) => setPayload(event.currentTarget.value)} />
      </label>
      <Failure error={error} />
      <button type="submit">Send the event</button>
    </form>
  );
}
