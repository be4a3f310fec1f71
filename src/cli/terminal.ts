import type { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import { SystemClock } from "../core/clock.ts";
import { CommandError } from "./failures.ts";

/** What commands see of the process they run in, so that they can be tested inside another one. */
export interface Terminal {
  /** Default: that of the process, which is opened only by the command that reads it. */
  stdin?: Readable;
  stdout: Writable;
  stderr: Writable;
  environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  folder: string;
  /** Sends `SIGINT`, `SIGTERM` and `SIGHUP`. */
  signals: Pick<EventEmitter, "on" | "off">;
  clock: Clock;
  /** Why output could not be written, if it could not: a full disk, but not a reader that has left. */
  lostOutput?(): NodeJS.ErrnoException | undefined;
}

/** The real one. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(noteLostOutput)) stream.on("error", noteLostOutput);
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    get folder() {
      return currentFolder();
    },
    signals: process,
    clock: new SystemClock(),
    lostOutput: () => lostOutput.get(process.stdout),
  };
}

/** @throws CommandError when it has been deleted */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new CommandError("The current folder has been deleted. Go to another one, and run the command again.");
  }
}

/** Whether this runs in continuous integration, by the variable that all of them set. */
export function isContinuousIntegration(environment: Terminal["environment"]): boolean {
  const value = environment["CI"];
  return value !== undefined && !["", "0", "false"].includes(value);
}

/** Errors of an output without a reader: `| head -1`, a terminal that was closed. */
const READER_HAS_LEFT = new Set(["EPIPE", "EIO"]);
/** Errors of an output without room: a full disk. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The first error for lack of room of each output. */
const lostOutput = new WeakMap<object, NodeJS.ErrnoException>();

/** Output that cannot be written does not stop the server; other commands end with a failure. */
function noteLostOutput(this: object, error: NodeJS.ErrnoException): void {
  const code = error.code ?? "";
  if (READER_HAS_LEFT.has(code)) return;
  if (!NO_ROOM.has(code)) throw error;
  if (!lostOutput.has(this)) lostOutput.set(this, error);
}
