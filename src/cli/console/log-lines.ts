import type { OpikEvents } from "../../opik/events.ts";
import type { RunEventNotice } from "../../runs/events.ts";
import type { Colour, Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";

/** Levels are whatever an executor says, also `constructor`, which every object has. */
const COLOURS: ReadonlyMap<string, Colour> = new Map([
  ["stderr", "red"],
  ["error", "red"],
  ["warn", "yellow"],
]);

/** What a job's agent printed, a line for each entry. */
export function describeJobLogs({ job, entries }: OpikEvents["job:logs:appended"], paint: Paint): string {
  const name = `job ${shortId(job.id)} ${onOneLine(job.agent_name)}`;
  return entries.map(({ stream, text }) => `${name} ${describeText(stream, text, paint)}`).join("\n");
}

/** What was written into a run's history: a log line, progress, ... */
export function describeRunEvent({ run_id, type, level, message, data }: RunEventNotice, paint: Paint): string {
  const kind = type === "log" && level !== undefined ? level : type;
  return `run ${shortId(run_id)} ${describeText(kind, message === "" ? (data ?? "") : message, paint)}`;
}

function describeText(kind: string, text: string, paint: Paint): string {
  return `${paint(COLOURS.get(kind) ?? "gray", onOneLine(kind))}: ${onOneLine(text)}`;
}
