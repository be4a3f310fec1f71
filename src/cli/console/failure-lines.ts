import type { Describers, Line } from "./lines.ts";
import type { Paint } from "./log.ts";
import { onOneLine } from "./short.ts";

/**
 * Creates the functions that describe what does not work in the server itself.
 * @param verbose also shows where errors happened
 */
export function createFailureLines(paint: Paint, verbose: boolean): Describers {
  const failure = (what: string, error: unknown): Line => ({
    level: "error",
    text: paint("red", `${what} failed: ${describeError(error, verbose)}`),
  });
  return {
    "http:request:failed": ({ method, path, error }) => failure(`${method} ${path}`, error),
    "server:error": ({ error, during }) => failure(during, error),
    "database:lost": ({ path }) => ({
      level: "error",
      text: paint(
        "red",
        `${onOneLine(path)} was deleted, moved or replaced while the server runs. Nothing can be stored any more: every write is answered 503. Stop this server and start it again.`,
      ),
    }),
    "database:damaged": ({ path, damage }) => ({
      level: "error",
      text: paint(
        "red",
        `${onOneLine(path)} is damaged (${onOneLine(damage)}). Nothing can be stored any more: every write is answered 503. Stop this server, and move the file away or choose another with --db.`,
      ),
    }),
  };
}

/** Describes an error; with its stack only when `verbose` is set. */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return verbose ? (error.stack ?? error.message) : error.message;
}
