import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import { SystemClock } from "../core/clock.ts";

/** What commands see of the process they run in, so that they can be tested inside another one. */
export interface Terminal {
  stdout: Writable;
  stderr: Writable;
  environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  folder: string;
  /** Sends `SIGINT`, `SIGTERM` and `SIGHUP`. */
  signals: Pick<EventEmitter, "on" | "off">;
  clock: Clock;
}

/** The real one. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(ignoreLostOutput)) stream.on("error", ignoreLostOutput);
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
    signals: process,
    clock: new SystemClock(),
  };
}

/** Whether this runs in continuous integration, by the variable that all of them set. */
export function isContinuousIntegration(environment: Terminal["environment"]): boolean {
  const value = environment["CI"];
  return value !== undefined && !["", "0", "false"].includes(value);
}

/** Errors of an output without a reader (`| head -1`, a terminal that was closed) or without room (a full disk). */
const OUTPUT_ERRORS = new Set(["EPIPE", "EIO", "ENOSPC", "EDQUOT", "EFBIG"]);

/** Ignores them: output that cannot be written does not stop the server. */
function ignoreLostOutput(error: NodeJS.ErrnoException): void {
  if (!OUTPUT_ERRORS.has(error.code ?? "")) throw error;
}
