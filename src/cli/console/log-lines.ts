import type { OpikEvents } from "../../opik/events.ts";
import type { RunEventNotice } from "../../strait/events.ts";
import type { Colour, Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";

/** An executor may send any level, also `constructor`, which every object has. */
const COLOURS: ReadonlyMap<string, Colour> = new Map([
  ["stderr", "red"],
  ["error", "red"],
  ["warn", "yellow"],
]);

/** The usual stream and level are not shown. */
const USUAL: ReadonlySet<string> = new Set(["stdout", "info"]);

/** The limit of lines shown of one text. */
const MAX_LINES = 200;

/** What a job's agent printed, line by line. */
export function describeJobLogs({ job, entries }: OpikEvents["job:logs:appended"], paint: Paint): string {
  const name = `job ${shortId(job.id)} ${onOneLine(job.agent_name)}`;
  return entries.map(({ stream, text }) => describeText(name, stream, text, paint)).join("\n");
}

/**
 * What was written into a run's history: a log line, progress, ...
 * @param slug of the run's job, when it is known
 */
export function describeRunEvent(event: RunEventNotice, slug: string | undefined, paint: Paint): string {
  const { run_id, type, level, message, data } = event;
  const kind = type === "log" && level !== undefined ? level : type;
  const name = `run ${shortId(run_id)}${slug === undefined ? "" : ` ${onOneLine(slug)}`}`;
  return describeText(name, kind, message === "" ? (data ?? "") : message, paint);
}

function describeText(name: string, kind: string, text: string, paint: Paint): string {
  const prefix = USUAL.has(kind) ? name : `${name} ${paint(COLOURS.get(kind) ?? "gray", onOneLine(kind))}`;
  const lines = text.trimEnd().split(/\r?\n/, MAX_LINES + 1);
  const shown = lines.slice(0, MAX_LINES).map((line) => onOneLine(line));
  if (lines.length > MAX_LINES) shown.push("…");
  return shown.map((line) => `${prefix} ${paint("dim", "│")} ${line}`.trimEnd()).join("\n");
}
