import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { type ConsolaInstance, createConsola, type LogObject, LogLevels } from "consola/core";
import { stringifyJson } from "../../core/json.ts";
import type { Terminal } from "../terminal.ts";

export interface LogOptions {
  /** One JSON object per line, for machines. */
  json: boolean;
  /** Only errors. */
  quiet: boolean;
  /** Also all requests, and each status of a job as it comes. */
  verbose: boolean;
}

/** What is logged: a line for people, and what machines get of it. */
export interface Entry {
  message: string;
  /** What happened, in the words of the server's events. */
  event: string;
  details?: object;
}

export type Colour = "bold" | "dim" | "gray" | "red" | "green" | "yellow" | "cyan";

/** Colours a text, if the stream shows colours (it is a terminal and `NO_COLOR` is not set). */
export type Paint = (colour: Colour, text: string) => string;

/** Creates the paint of a stream: it leaves texts as they are where no colours are shown. */
export function createPaint(stream: Writable): Paint {
  // Looked up once: it depends on the stream and on variables of the environment.
  const showsColours = styleText("bold", "text", { stream }) !== "text";
  return (colour, text) => (showsColours ? styleText(colour, text, { validateStream: false }) : text);
}

/** A log for people or for machines; its methods take an `Entry`. */
export function createLog(options: LogOptions, terminal: Terminal): ConsolaInstance {
  return createConsola({
    level: levelOf(options),
    // Repeated lines are repeated events: none of them is suppressed.
    throttle: 0,
    reporters: [{ log: options.json ? writeJson(terminal) : writeText(terminal) }],
  });
}

function levelOf({ quiet, verbose }: LogOptions): number {
  if (quiet) return LogLevels.error;
  return verbose ? LogLevels.debug : LogLevels.info;
}

function writeText(terminal: Terminal): (logged: LogObject) => void {
  return ({ level, args }) => {
    const stream = level === LogLevels.error ? terminal.stderr : terminal.stdout;
    stream.write(`${args.join(" ")}\n`);
  };
}

function writeJson(terminal: Terminal): (logged: LogObject) => void {
  return ({ type, args, event, details }) => {
    const message = args.join(" ").trim();
    const time = new Date(terminal.clock.now()).toISOString();
    const line = { event, time, level: type, ...(details ?? (message === "" ? {} : { message })) };
    terminal.stdout.write(`${stringifyJson(line)}\n`);
  };
}
