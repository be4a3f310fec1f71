import type { VNode } from "preact";
import { type Explanation, get } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";

/**
 * What a job or run waits for and what to do about it, as `opik-local why` says it.
 * @param id that of a job or run, or of a runner for its oldest pending job
 * @param status after a change of it, the explanation is another one
 */
export function Why({ id, status }: { id: string; status: string }): VNode | null {
  const { value } = useLive(
    `${id} ${status}`,
    () => get<Explanation>(`/__local/why?id=${id}`),
    ({ name }) => /^(?:runner|job|run):/.test(name),
  );
  if (value === undefined) return null;
  return (
    <p class="notice" role="status">
      {value.id !== id && (
        <>
          <a href={`${BASE}/jobs/${value.id}`}>The oldest pending job</a>:{" "}
        </>
      )}
      {value.reason} {value.advice !== undefined && <strong>{value.advice}</strong>}
    </p>
  );
}
