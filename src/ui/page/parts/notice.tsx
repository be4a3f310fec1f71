import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, rememberApiKey } from "../api.ts";

/** Why something could not be read. For a missing key it asks for one. */
export function Failure({ error }: { error: Error | undefined }): VNode | null {
  if (error === undefined) return null;
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return <KeyForm />;
  return (
    <p class="notice problem" role="alert">
      {error.message}
    </p>
  );
}

function KeyForm(): VNode {
  const [key, setKey] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    rememberApiKey(key);
    location.reload();
  };
  return (
    <form class="notice" onSubmit={submit}>
      <label>
        This server wants an API key{" "}
        <input type="password" value={key} onInput={(event) => setKey(event.currentTarget.value)} required />
      </label>{" "}
      <button type="submit">Use it</button>
    </form>
  );
}
