import type { Writable } from "node:stream";
import { type ConsolaInstance, LogLevels } from "consola/core";
import type { Clock } from "../../core/clock.ts";
import type { EventSource } from "../../core/events.ts";
import type { LocalEvents } from "../../opik-local.ts";
import type { JobService } from "../../strait/definitions/jobs/service.ts";
import { DelayedLines } from "./delayed-lines.ts";
import { createLayout } from "./layout.ts";
import { createDescribers, describeError, type Line } from "./lines.ts";
import type { Entry, Paint } from "./log.ts";

/** A server as far as its console needs it. */
export interface Shown {
  events: EventSource<LocalEvents>;
  clock: Clock;
  runs: { jobs: Pick<JobService, "ofRun"> };
}

export interface ShowOptions {
  log: ConsolaInstance;
  /** Where the lines of the log are written. */
  stream: Writable;
  /** Whether machines read the log: each event is written at once. */
  json: boolean;
  paint: Paint;
  verbose: boolean;
}

/** Events whose payload may contain an error. */
const ERRORS: ReadonlySet<string> = new Set<keyof LocalEvents>([
  "http:request:answered",
  "http:request:failed",
  "server:error",
  "database:lost",
  "database:damaged",
]);

/**
 * Logs the events of the server. For people, the statuses of a job or run within a second are one line, unless
 * `verbose` is set.
 * @returns the function that stops it
 */
export function showEvents({ events, clock, runs }: Shown, options: ShowOptions): () => void {
  const { log, stream, paint, json, verbose } = options;
  const now = (): number => clock.now();
  const describers = createDescribers({ paint, verbose, now, jobs: runs.jobs }) as Readonly<
    Record<string, (payload: unknown) => Line>
  >;
  const layOut = createLayout({ stream, paint, now });
  const write = (line: Line): void => log[line.level](layOut(line));
  const delayed = new DelayedLines(clock, write);
  const stopListening = events.onAny(({ payload, name }) => {
    // Skips job lookups when the console is quiet.
    if (log.level === LogLevels.error && !ERRORS.has(name)) return;
    const line: Line = describers[name]?.(payload) ?? { level: "debug", text: name };
    if (json) {
      const details = { ...forMachines(payload as object, verbose), ...line.facts };
      log[line.level]({ message: line.text, event: name, details } satisfies Entry);
      return;
    }
    if (line.level === "debug" && !verbose) return;
    if (name === "server:reset") delayed.flush();
    if (verbose) write(line);
    else delayed.add(line);
  });
  return () => {
    stopListening();
    delayed.flush();
  };
}

/** Converts an event's payload for JSON: errors have no enumerable fields. */
function forMachines(payload: object, verbose: boolean): object {
  return "error" in payload ? { ...payload, error: describeError(payload.error, verbose) } : payload;
}
