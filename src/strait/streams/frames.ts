import { RawJson } from "../../core/json.ts";
import type { Frame } from "../../http/event-stream.ts";
import type { RunEventNotice, StraitEvents } from "../events.ts";
import type { EventTrigger } from "../waits/schema.ts";
import { writeGoJson } from "../wire/answer.ts";
import { formatTime } from "../wire/time.ts";

/**
 * Frames of server-sent events [strait 4.6]. Their `id` is ours: a position in the run's history, from which a
 * client that comes again goes on.
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
 * A change of status; real frames show a run that starts as coming from `dequeued`, where it never rests here.
 * @param position the newest event of the run
 * @param now milliseconds since the epoch
 */
export function statusFrame(change: StraitEvents["run:status:changed"], position: number, now: number): Frame {
  const { run, from } = change;
  return {
    id: String(position),
    data: oneLine({
      type: "status_change",
      run_id: run.id,
      job_id: run.job_id,
      project_id: run.project_id,
      from: from === "queued" && run.status === "executing" ? "dequeued" : from,
      to: run.status,
      error: run.error,
      timestamp: formatTime(now),
    }),
  };
}

/** A piece of output; nothing is kept of it, so it has no position. */
export function chunkFrame(notice: StraitEvents["run:chunk:streamed"], now: number): Frame {
  const { chunk, stream_id, done } = notice;
  return { data: oneLine({ type: "stream_chunk", chunk, stream_id, done, timestamp: formatTime(now) }) };
}

/** What has become of a wait. */
export function triggerFrame(trigger: EventTrigger): Frame {
  return { event: "status", data: oneLine(trigger) };
}

/** JSON on one line: outside of strings, where they are escaped, line breaks are mere space. */
function oneLine(value: unknown): string {
  return writeGoJson(value)
    .trimEnd()
    .replaceAll(/[\r\n]/g, " ");
}
