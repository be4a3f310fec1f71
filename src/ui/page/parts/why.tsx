import type { VNode } from "preact";
import { type Explanation, get } from "../api.ts";
import { useLive } from "../live.ts";

/** What a job or run waits for, and what to do about it; nothing when it is over. */
export function Why({ id, status }: { id: string; status: string }): VNode | null {
  const { value } = useLive(
    `${id} ${status}`,
    () => get<Explanation>(`/__local/why?id=${id}`),
    ({ name }) => /^(?:runner|job|run):/.test(name),
  );
  if (value === undefined) return null;
  return (
    <p class="notice" role="status">
      {value.reason} {value.advice !== undefined && <strong>{value.advice}</strong>}
    </p>
  );
}
