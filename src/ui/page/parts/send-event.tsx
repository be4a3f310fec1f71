import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post, type Wait } from "../api.ts";
import { JsonField } from "./json-field.tsx";
import { Failure } from "./notice.tsx";
import { Time } from "./time.tsx";

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
  return (
    <form class="notice" onSubmit={(event) => void submit(event)}>
      <p>
        Send the event <code>{wait.event_key}</code>: the wait ends <Time value={wait.expires_at} />
      </p>
      <JsonField label="payload" rows={2} defaultValue={payload} onInput={setPayload} />
      <Failure error={error} />
      <button type="submit">Send the event</button>
    </form>
  );
}
