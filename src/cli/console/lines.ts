import { describeDuration } from "../../core/durations.ts";
import type { RawJson } from "../../core/json.ts";
import type { HttpEvents } from "../../http/events.ts";
import type { LocalEvents } from "../../opik-local.ts";
import { createFailureLines } from "./failure-lines.ts";
import { describeJobLogs, describeRunEvent } from "./log-lines.ts";
import type { Colour } from "./log.ts";
import { PairingLines } from "./pairing-lines.ts";
import { RunLines, type RunLinesOptions } from "./run-lines.ts";
import { createRunnerLines } from "./runner-lines.ts";
import { onOneLine, shortId, shortenIds } from "./short.ts";
import { StatusLines } from "./status-lines.ts";
import { describeWebhook } from "./webhook-line.ts";

/** One line with its level: `debug` lines need `--verbose`, `--quiet` prints only `error` lines. */
export interface Line {
  level: "error" | "warn" | "info" | "debug";
  text: string;
  /** Why, on one line; shown behind the text, or below it. */
  reason?: string;
  /** The tracked job whose progress the line continues, and whether its next line replaces this one. */
  trackedJob?: { key: string; isIntermediate: boolean };
  /** Fields for JSON output that the line has and the event lacks. */
  facts?: object;
}

/** Functions that describe events as lines; an event without a line is only in JSON output of `--verbose`. */
export type Describers = { readonly [Name in keyof LocalEvents]?: (payload: LocalEvents[Name]) => Line | undefined };

export interface DescriberOptions extends RunLinesOptions {
  /** Also shows where unexpected errors happened. */
  verbose: boolean;
  /** Whether lines of a level are shown. */
  isShown: (level: Line["level"]) => boolean;
}

/** Creates the functions that describe events for one console, which remember what they have reported. */
export function createDescribers(options: DescriberOptions): Describers {
  const { paint, now, verbose, isShown } = options;
  const jobs = new StatusLines("job", paint, now);
  const commands = new StatusLines("bridge", paint, now);
  const runs = new RunLines(options);
  const pairing = new PairingLines(paint);
  const request = (answered: HttpEvents["http:request:answered"], level: Line["level"]): Line => {
    const { method, path, status, durationMs, reason } = answered;
    return {
      level,
      text: `${paint("dim", method.padEnd(6))} ${shortenIds(path)} ${paint(colourOfStatus(status), String(status))} ${paint("dim", describeDuration(durationMs))}`,
      ...(reason === undefined ? {} : { reason: shortenIds(onOneLine(reason)) }),
    };
  };
  return {
    "http:request:answered": (answered) => {
      const level = answered.routine ? "debug" : levelOfStatus(answered.status);
      // Nearly all requests have no line, and a line takes longer than the rest of what is done for their event.
      if (!isShown(level)) return undefined;
      const line = request(answered, level);
      return pairing.describe(answered, line) ?? line;
    },
    "http:field:ignored": ({ method, path, field, hint }) => ({
      level: "warn",
      text: `${paint("yellow", "note")}   ${method} ${path} ignores the field "${onOneLine(field)}". ${hint}`.trimEnd(),
    }),
    ...createFailureLines(paint, verbose),
    "server:reset": () => {
      for (const tracker of [jobs, commands, runs, pairing]) tracker.forget();
      return { level: "info", text: "everything was deleted" };
    },
    "workspace:reset": ({ workspace }) => ({
      level: "info",
      text: `everything in the workspace ${onOneLine(workspace)} was deleted`,
    }),
    "client:notice": ({ message }) => ({ level: "warn", text: `${paint("yellow", "note")}   ${shortenIds(message)}` }),
    ...createRunnerLines(paint, pairing, now),
    "job:status:changed": ({ job, from }) =>
      jobs.describe({
        ...job,
        name: job.agent_name,
        from,
        queuedAt: job.created_at,
        startedAt: job.started_at,
        endedAt: job.completed_at,
      }),
    "job:logs:appended": (appended) => ({ level: "info", text: describeJobLogs(appended, paint) }),
    "bridge:command:changed": ({ command, from }) =>
      commands.describe({
        id: command.command_id,
        name: command.type,
        status: command.status,
        from,
        queuedAt: command.submitted_at,
        startedAt: command.picked_up_at,
        endedAt: command.completed_at,
        error: describeCommandError(command.error),
      }),
    "run:created": (created) => runs.describe(created),
    "run:status:changed": (changed) => runs.describe(changed),
    "run:push:failed": (failed) => {
      runs.pushFailed(failed);
      const text = `run ${shortId(failed.run_id)}: endpoint returned ${failed.status}: ${onOneLine(failed.body)}`;
      return { level: "debug", text };
    },
    "run:event:appended": ({ event }) => ({
      level: "info",
      text: describeRunEvent(event, runs.nameOf(event.run_id), paint),
    }),
    "run:chain:broken": ({ run_id, next, reason }) => ({
      level: "warn",
      text: `run ${shortId(run_id)}: ${paint("yellow", `is not followed by ${onOneLine(next)}`)} (${reason})`,
    }),
    "run:schedule:skipped": ({ slug, timezone }) => ({
      level: "warn",
      text: `executor job ${onOneLine(slug)}: ${paint("yellow", "its cron never fires")} (unknown time zone ${onOneLine(timezone)})`,
    }),
    "run:webhook:changed": ({ delivery }) => describeWebhook(delivery, paint),
    "project:created": ({ id, name }) => ({
      level: "info",
      text: `project ${shortId(id)} ${onOneLine(name)}: created`,
    }),
    "project:deleted": ({ id }) => ({ level: "info", text: `project ${shortId(id)}: deleted` }),
  };
}

/** Successful requests have no line: their events report the result. */
function levelOfStatus(status: number): Line["level"] {
  if (status >= 500) return "error";
  return status >= 400 ? "warn" : "debug";
}

/** `FILE_NOT_FOUND: no such file`, as runners report it [opik 2.17]; else the JSON itself. */
function describeCommandError(error: RawJson | undefined): string | undefined {
  if (error === undefined || error.isNull) return undefined;
  const parsed: unknown = error.isObject ? error.parse() : undefined;
  const { code, message } = (parsed ?? {}) as Record<string, unknown>;
  const parts = [code, message].filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? error.text : parts.join(": ");
}

function colourOfStatus(status: number): Colour {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
}
