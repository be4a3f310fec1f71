import { useEffect, useReducer, useRef } from "preact/hooks";
import { get, type Job, type LogEntry } from "../api.ts";
import { useChanges } from "../live.ts";

/** The log of a job, of which only new entries are read. */
export function useJobLogs(id: string): { lines: readonly LogEntry[]; error: Error | undefined } {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const known = useRef<{ id: string; lines: readonly LogEntry[]; error: Error | undefined }>(undefined);
  if (known.current?.id !== id) known.current = { id, lines: [], error: undefined };
  const log = known.current;
  const read = async (): Promise<void> => {
    const { current } = known;
    if (current === undefined) return;
    const offset = current.lines.length;
    try {
      const path = `/v1/private/local-runners/jobs/${current.id}/logs`;
      const added = await get<LogEntry[]>(`${path}?offset=${offset}`);
      if (current.lines.length === offset && added.length > 0) current.lines = [...current.lines, ...added];
    } catch (error) {
      current.error = error as Error;
    }
    render();
  };
  useEffect(() => void read(), [id]);
  useChanges(
    ({ name, payload }) => /^job:(?:logs|status):/.test(name) && (payload["job"] as Job | undefined)?.id === id,
    read,
  );
  return log;
}
