import { useReducer, useRef } from "preact/hooks";
import { get, type Job, type LogEntry } from "../api.ts";
import { useReading } from "../live.ts";

interface Log {
  id: string;
  lines: readonly LogEntry[];
  error: Error | undefined;
}

/** The log of a job, of which only new entries are read. */
export function useJobLogs(id: string): Log {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  const known = useRef<Log>(undefined);
  if (known.current?.id !== id) known.current = { id, lines: [], error: undefined };
  const log = known.current;
  useReading(
    id,
    async () => {
      try {
        const path = `/v1/private/local-runners/jobs/${id}/logs?offset=${log.lines.length}`;
        log.lines = [...log.lines, ...(await get<LogEntry[]>(path))];
        log.error = undefined;
      } catch (error) {
        log.error = error as Error;
      }
      render();
    },
    ({ name, payload }) => /^job:(?:logs|status):/.test(name) && (payload["job"] as Job | undefined)?.id === id,
  );
  return log;
}
