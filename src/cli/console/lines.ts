import { describeDuration } from "../../core/durations.ts";
import type { LocalEvents } from "../../opik-local.ts";
import type { RunnerNotice } from "../../opik/events.ts";
import type { Run, RunStatus } from "../../runs/runs/schema.ts";
import type { Colour, Paint } from "./log.ts";
import { shortId, shortenIds } from "./short.ts";
import { StatusLines } from "./status-lines.ts";
import { describeWebhook } from "./webhook-line.ts";

/** One line, and who sees it: `debug` lines are for `--verbose`, only `error` lines survive `--quiet`. */
export interface Line {
  level: "error" | "warn" | "info" | "debug";
  text: string;
}

/** How people are told of each event; an event without a line is for machines alone. */
export type Describers = { readonly [Name in keyof LocalEvents]?: (payload: LocalEvents[Name]) => Line };

const REMOVED = {
  disconnected: "said goodbye",
  evicted: "evicted by a newer one",
  purged: "removed, silent for too long",
} as const;

/** @param verbose also tells where unexpected errors happened */
export function createDescribers(paint: Paint, verbose: boolean): Describers {
  const jobs = new StatusLines("job", paint);
  const commands = new StatusLines("bridge", paint);
  const runs = new StatusLines("run", paint);
  const run = ({ run, from }: { run: Run; from?: RunStatus }): Line => ({
    level: "info",
    text: runs.describe({
      ...run,
      name: `of job ${shortenIds(run.job_id)}`,
      from,
      createdAt: run.created_at,
      endedAt: run.finished_at,
    }),
  });
  const runner = (notice: RunnerNotice, colour: Colour, state: string): Line => ({
    level: "info",
    text: `runner ${shortId(notice.id)} ${notice.name} (${notice.type}): ${paint(colour, state)}`,
  });
  const failure = (what: string, error: unknown): Line => ({
    level: "error",
    text: paint("red", `${what} failed: ${describeError(error, verbose)}`),
  });
  return {
    "http:request:answered": ({ method, path, status, durationMs, routine }) => ({
      level: routine ? "debug" : levelOfStatus(status),
      text: `${paint("dim", method.padEnd(6))} ${shortenIds(path)} ${paint(colourOfStatus(status), String(status))} ${paint("dim", describeDuration(durationMs))}`,
    }),
    "http:request:failed": ({ method, path, error }) => failure(`${method} ${path}`, error),
    "server:error": ({ error, during }) => failure(during, error),
    "client:notice": ({ message }) => ({ level: "warn", text: `${paint("yellow", "note")}   ${shortenIds(message)}` }),
    "runner:connected": (notice) => runner(notice, "green", "connected"),
    "runner:disconnected": (notice) => runner(notice, "yellow", "disconnected, its heartbeats have stopped"),
    "runner:removed": (notice) => runner(notice, "yellow", REMOVED[notice.reason]),
    "runner:agents:registered": (notice) => {
      const names = notice.agents.map((agent) => agent.name).join(", ");
      return runner(notice, "cyan", names === "" ? "has no agents" : `agents ${names}`);
    },
    "job:status:changed": ({ job, from }) => ({
      level: "info",
      text: jobs.describe({ ...job, name: job.agent_name, from, createdAt: job.created_at, endedAt: job.completed_at }),
    }),
    "bridge:command:changed": ({ command, from }) => ({
      level: "info",
      text: commands.describe({
        id: command.command_id,
        name: command.type,
        status: command.status,
        from,
        createdAt: command.submitted_at,
        endedAt: command.completed_at,
      }),
    }),
    "run:created": run,
    "run:status:changed": run,
    "run:chain:broken": ({ run_id, next, reason }) => ({
      level: "warn",
      text: `run ${shortId(run_id)}: ${paint("yellow", `is not followed by ${next}`)} (${reason})`,
    }),
    "run:webhook:changed": ({ delivery }) => describeWebhook(delivery, paint),
    "project:created": ({ id, name }) => ({ level: "info", text: `project ${shortId(id)} ${name}: created` }),
    "project:deleted": ({ id }) => ({ level: "info", text: `project ${shortId(id)}: deleted` }),
  };
}

/** What is said of an error; the whole of it only when asked. */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return verbose ? (error.stack ?? error.message) : error.message;
}

function levelOfStatus(status: number): Line["level"] {
  if (status >= 500) return "error";
  return status >= 400 ? "warn" : "info";
}

function colourOfStatus(status: number): Colour {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
}
