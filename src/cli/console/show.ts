import { type ConsolaInstance, LogLevels } from "consola/core";
import type { Clock } from "../../core/clock.ts";
import type { EventBus } from "../../core/events.ts";
import type { LocalEvents } from "../../opik-local.ts";
import type { JobService } from "../../runs/jobs/service.ts";
import { createDescribers, describeError, type Line } from "./lines.ts";
import type { Entry, Paint } from "./log.ts";

/** A server as far as its console needs it. */
export interface Shown {
  events: EventBus<LocalEvents>;
  clock: Clock;
  runs: { jobs: Pick<JobService, "ofRun"> };
}

export interface ShowOptions {
  log: ConsolaInstance;
  paint: Paint;
  verbose: boolean;
}

/** Of these, errors may be told. */
const ERRORS: ReadonlySet<string> = new Set<keyof LocalEvents>([
  "http:request:answered",
  "http:request:failed",
  "server:error",
]);

/**
 * Logs what happens in the server, as it happens.
 * @returns the function that stops it
 */
export function showEvents({ events, clock, runs }: Shown, { log, paint, verbose }: ShowOptions): () => void {
  const describers = createDescribers({ paint, verbose, now: () => clock.now(), jobs: runs.jobs }) as Readonly<
    Record<string, (payload: unknown) => Line>
  >;
  return events.onAny((payload, name) => {
    // A quiet console costs nothing: no job is looked up for a line that nobody sees.
    if (log.level === LogLevels.error && !ERRORS.has(name)) return;
    const { level, text, facts }: Line = describers[name]?.(payload) ?? { level: "debug", text: name };
    const details = { ...forMachines(payload as object, verbose), ...facts };
    log[level]({ message: text, event: name, details } satisfies Entry);
  });
}

/** An event's payload as JSON can tell it: errors have no fields of their own. */
function forMachines(payload: object, verbose: boolean): object {
  return "error" in payload ? { ...payload, error: describeError(payload.error, verbose) } : payload;
}
