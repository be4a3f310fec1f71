import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Explanation, get } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { now } from "./time.tsx";

/** Work that goes on sooner needs no explanation, which would move what is below it for a moment. */
const PATIENCE_MS = 1_000;

/** After so much of the server's time the durations in an explanation have aged. */
const AGEING_MS = 5_000;

/**
 * What a job or run waits for and what to do about it, as `opik-local why` says it.
 * @param id that of a job or run, or of a runner for its oldest pending job
 * @param status after a change of it, the explanation is another one
 */
export function Why({ id, status }: { id: string; status: string }): VNode | null {
  const [isLate, setLate] = useState(false);
  const { value, refresh } = useLive(
    `${id} ${status}`,
    () => get<Explanation>(`/__local/why?id=${id}`),
    ({ name }) => /^(?:runner|job|run):/.test(name),
  );
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [id]);
  const age = Math.floor(now.value / AGEING_MS);
  useEffect(() => {
    if (isLate) refresh();
  }, [age]);
  // It may have gone on since the page has read its status.
  const isOutdated = value?.id === id && value.status !== status;
  if (!isLate || value === undefined || isOutdated) return null;
  return (
    <p class="notice" role="status">
      {value.id !== id && (
        <>
          <a href={`${BASE}/jobs/${value.id}`}>The oldest pending job</a>:{" "}
        </>
      )}
      {value.reason} {value.advice !== undefined && <strong>{withCode(value.advice)}</strong>}
    </p>
  );
}

/** A text whose commands in backticks are shown as such. */
function withCode(text: string): ComponentChildren {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
