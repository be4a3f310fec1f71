import type { Config } from "../../../config.ts";
import type { LogEntry } from "./schema.ts";

/** The size of a job's log. */
export interface LogSize {
  entries: number;
  /** Of all streams' names and texts, in UTF-8. */
  bytes: number;
  /** How the text of the last entry begins. */
  lastText: string;
}

export type LogLimits = Pick<Config, "maxLogBytesPerJob" | "maxLogEntriesPerJob">;

const NOTICE_BEGINS = "[opik-local] log limit reached: ";

/** How many bytes an entry counts for. */
export function sizeOfEntry({ stream, text }: LogEntry): number {
  return Buffer.byteLength(stream) + Buffer.byteLength(text);
}

/**
 * Cuts entries to the limit of a log. When the limit is reached, the last entry reports it and the log accepts no more,
 * also after an export and import as a fixture.
 * @returns `isReached` when the limit was reached with one of these entries
 */
export function withinLimits(
  log: LogSize,
  entries: readonly LogEntry[],
  limits: LogLimits,
): { entries: readonly LogEntry[]; isReached: boolean } {
  if (log.lastText.startsWith(NOTICE_BEGINS)) return { entries: [], isReached: false };
  let { bytes } = log;
  for (const [index, entry] of entries.entries()) {
    bytes += sizeOfEntry(entry);
    if (bytes > limits.maxLogBytesPerJob || log.entries + index >= limits.maxLogEntriesPerJob) {
      return { entries: [...entries.slice(0, index), notice(limits)], isReached: true };
    }
  }
  return { entries, isReached: false };
}

function notice({ maxLogBytesPerJob, maxLogEntriesPerJob }: LogLimits): LogEntry {
  const limits = `${maxLogBytesPerJob} bytes, ${maxLogEntriesPerJob} entries`;
  return { stream: "stderr", text: `${NOTICE_BEGINS}further entries of this job are dropped (${limits})` };
}
