import type { PlainJob, PlainRun } from "../../client/plain.ts";
import { describeDuration } from "../../core/durations.ts";
import { cut } from "../console/layout.ts";
import { onOneLine, shortId } from "../console/short.ts";
import { alignedLines } from "../table.ts";

/** One line for each job. @param now milliseconds since the epoch, of the server */
export function describeJobs(
  jobs: readonly PlainJob[],
  now: number,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const rows = jobs.map((job) => [
    shortId(job.id),
    onOneLine(job.agent_name),
    job.status,
    describeTimes(job.created_at, job.started_at, job.completed_at, now),
    onOneLine(job.error ?? ""),
  ]);
  return linesOf(rows, columns);
}

/** One line for each run. @param slugOf the name of its job */
export function describeRuns(
  runs: readonly PlainRun[],
  slugOf: (run: PlainRun) => string,
  now: number,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const rows = runs.map((run) => [
    shortId(run.id),
    onOneLine(slugOf(run)),
    run.status,
    describeTimes(run.created_at, run.started_at, run.finished_at, now),
    onOneLine([run.attempt > 1 ? `attempt ${run.attempt}` : "", run.error ?? ""].filter(Boolean).join(": ")),
  ]);
  return linesOf(rows, columns);
}

function linesOf(rows: string[][], columns: number): string {
  return alignedLines(rows)
    .map((line) => cut(line, columns))
    .join("\n");
}

/** `5 min ago, took 1.2 s` */
function describeTimes(created: string, started: string | undefined, ended: string | undefined, now: number): string {
  const ago = `${describeDuration(Math.max(0, now - Date.parse(created)))} ago`;
  if (started === undefined) return ago;
  const tookMs = Math.max(0, (ended === undefined ? now : Date.parse(ended)) - Date.parse(started));
  return `${ago}, ${ended === undefined ? "for" : "took"} ${describeDuration(tookMs)}`;
}
