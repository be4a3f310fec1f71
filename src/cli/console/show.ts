import type { Writable } from "node:stream";
import { type ConsolaInstance, LogLevels } from "consola/core";
import type { Clock } from "../../core/clock.ts";
import type { EventSource } from "../../core/events.ts";
import type { LocalEvents } from "../../opik-local.ts";
import type { JobService } from "../../strait/definitions/jobs/service.ts";
import { DelayedLines } from "./delayed-lines.ts";
import { describeError } from "./failure-lines.ts";
import { createLayout } from "./layout.ts";
import { createDescribers, type Line } from "./lines.ts";
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

/** Events whose line may be an error. */
const ERRORS = [
  "http:request:answered",
  "http:request:failed",
  "server:error",
  "database:lost",
  "database:damaged",
] as const satisfies ReadonlyArray<keyof LocalEvents>;

/**
 * Logs the events of the server. For people, the statuses of a job or run within a second are one line, unless
 * `verbose` is set.
 * @returns the function that stops it
 */
export function showEvents({ events, clock, runs }: Shown, options: ShowOptions): () => void {
  const { log, stream, paint, json, verbose } = options;
  const now = (): number => clock.now();
  const isShown = (level: Line["level"]): boolean => log.level >= LogLevels[level];
  const describers = createDescribers({ paint, verbose, isShown, now, jobs: runs.jobs }) as Readonly<
    Record<string, (payload: unknown) => Line | undefined>
  >;
  const layOut = createLayout({ stream, paint, now });
  const write = (line: Line): void => log[line.level](layOut(line));
  const delayed = new DelayedLines(clock, write);
  const show = (name: string, payload: unknown): void => {
    const line: Line = describers[name]?.(payload) ?? { level: "debug", text: name };
    if (!isShown(line.level)) return;
    if (json) {
      const details = { ...forMachines(payload as object, verbose), ...line.facts };
      log[line.level]({ message: line.text, event: name, details } satisfies Entry);
      return;
    }
    if (name === "server:reset") delayed.flush();
    if (verbose) write(line);
    else delayed.add(line);
  };
  // Rows are converted to what the API shows of them only for an event that is listened to.
  const stops = isShown("warn")
    ? [events.onAny(({ name, payload }) => show(name, payload))]
    : ERRORS.map((name) => events.on(name, (payload) => show(name, payload)));
  return () => {
    for (const stop of stops) stop();
    delayed.flush();
  };
}

/** Converts an event's payload for JSON: errors have no enumerable fields. */
function forMachines(payload: object, verbose: boolean): object {
  return "error" in payload ? { ...payload, error: describeError(payload.error, verbose) } : payload;
}
