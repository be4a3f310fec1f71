import type { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { Line } from "./lines.ts";
import type { Paint } from "./log.ts";

/** The minimum width of a terminal, in columns, for printing the time of each line. */
const WIDE = 120;
/** Below a request's path. */
const INDENT = " ".repeat(7);

export interface LayoutOptions {
  /** Where lines are written; its width is asked for each line, as windows are resized. */
  stream: Writable;
  paint: Paint;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Creates the layout of lines for a terminal: the time in front if the terminal is wide enough, the reason after the
 * text or, if it does not fit, below it, cut to the width. An output that is not a terminal gets no times, and nothing
 * is cut.
 */
export function createLayout({ stream, paint, now }: LayoutOptions): (line: Line) => string {
  return ({ text, reason }) => {
    const columns = columnsOf(stream);
    const time = columns !== undefined && columns >= WIDE ? `${timeOfDay(now())} ` : "";
    const whole = reason === undefined ? text : addReason(text, reason, (columns ?? Infinity) - time.length);
    if (time === "") return whole;
    return whole
      .split("\n")
      .map((line) => paint("dim", time) + line)
      .join("\n");
  };
}

/** `09:05:00`, in local time. Not with `Intl`, which takes a noticeable part of a start to load. */
function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** How many columns a terminal has; `undefined` for what is no terminal. */
export function columnsOf(stream: Writable): number | undefined {
  return "columns" in stream && typeof stream.columns === "number" && stream.columns > 0 ? stream.columns : undefined;
}

function addReason(text: string, reason: string, columns: number): string {
  if (stripVTControlCharacters(text).length + 1 + reason.length <= columns) return `${text} ${reason}`;
  return `${text}\n${INDENT}${cut(reason, columns - INDENT.length)}`;
}

/** A text of at most so many characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).trimEnd()}…`;
}
