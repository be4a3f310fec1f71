import { RawJson, stringifyJson } from "../../core/json.ts";
import { type Frame, onOneLine } from "../../http/event-stream.ts";
import type { RunEventNotice, StraitEvents } from "../events.ts";
import type { RunStatus } from "../run/schema.ts";
import type { EventTrigger } from "../waits/schema.ts";
import { writeGoJson } from "../wire/answer.ts";
import { formatTime } from "../wire/time.ts";

/**
 * Frames of server-sent events [strait 4.6]. Their `id` is ours: a position in the run's history, from which a
 * client resumes when it reconnects.
 */

/** A line of the history. */
export function eventFrame(notice: RunEventNotice): Frame {
  const { sequence, type, run_id, level, message, data, created_at } = notice;
  return {
    id: String(sequence),
    data: oneLine({
      type: "event",
      event_type: type,
      run_id,
      level,
      message,
      data: data === undefined ? undefined : new RawJson(data),
      timestamp: formatTime(created_at),
    }),
  };
}

/** The same for a reader of logs. */
export function logFrame(notice: RunEventNotice): Frame {
  return { event: "log", ...eventFrame(notice) };
}

/**
 * A change of status. One that an executor has reported names no job and no project; real frames show a run that
 * starts as coming from `dequeued`, where it never rests here.
 * @param position the newest event of the run
 * @param now milliseconds since the epoch
 * @returns `undefined` for a change that is not published
 */
export function statusFrame(
  change: StraitEvents["run:status:changed"],
  position: number,
  now: number,
): Frame | undefined {
  const { run, from, reported } = change;
  if (!isPublishedChange(change)) return undefined;
  return {
    id: String(position),
    data: oneLine({
      type: "status_change",
      run_id: run.id,
      ...(reported ? {} : { job_id: run.job_id, project_id: run.project_id }),
      from: from === "queued" ? "dequeued" : from,
      to: run.status,
      error: reported ? run.error : undefined,
      timestamp: formatTime(now),
    }),
  };
}

/** Statuses to which the real server's dispatcher takes a run. */
const DISPATCHED: ReadonlySet<RunStatus> = new Set([
  "executing",
  "completed",
  "dead_letter",
  "timed_out",
  "system_failed",
]);

/** What executors report and what dispatch does is published; what owners, waits and the reaper do is not. */
function isPublishedChange({ run, from, reported }: StraitEvents["run:status:changed"]): boolean {
  if (reported) return true;
  if (from === "waiting") return false;
  // Of the ways back into the queue only a retry is published.
  if (run.status === "queued") return from === "executing" && run.next_retry_at !== undefined;
  return DISPATCHED.has(run.status);
}

/** A piece of output, which is not stored and therefore has no position. */
export function chunkFrame(notice: StraitEvents["run:chunk:streamed"], now: number): Frame {
  const { chunk, stream_id, done } = notice;
  return { data: oneLine({ type: "stream_chunk", chunk, stream_id, done, timestamp: formatTime(now) }) };
}

/** The status of a wait; the real server's encoder escapes it for HTML, unlike the other frames. */
export function triggerFrame(trigger: EventTrigger): Frame {
  return { event: "status", data: onOneLine(writeGoJson(trigger).trimEnd()) };
}

function oneLine(value: unknown): string {
  return onOneLine(stringifyJson(value));
}
