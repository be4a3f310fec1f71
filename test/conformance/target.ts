import { parseDuration } from "../../src/core/durations.ts";

/*
 * Which servers the cases are played on: ours, each case on one of its own, unless the environment names others.
 *
 * | variable | what it is |
 * |---|---|
 * | `OPIK_LOCAL_CONFORMANCE_URL` | a server with Opik's API, with the path before `/v1`, if any |
 * | `OPIK_LOCAL_CONFORMANCE_RUNS_URL` | a server with the executor runs API |
 * | `OPIK_LOCAL_CONFORMANCE_RUNS_HEADERS` | what its control plane asks for: `X-Internal-Secret: s, X-Project-Id: p` |
 * | `OPIK_LOCAL_CONFORMANCE_START` | a command that starts a server with the variables it is given, and prints its URL |
 * | `OPIK_LOCAL_CONFORMANCE_PATIENCE` | the longest real time that a case may wait in all, such as `3m` |
 */

/** A server that is not started here, or a command that starts one. */
export interface Target {
  /** Base URL, without a slash at its end. */
  url: string | undefined;
  api: "opik" | "runs";
  /** Headers of each request to the control plane. */
  headers: Readonly<Record<string, string>>;
  startCommand: string | undefined;
  /** How long a case may really wait in all, in milliseconds; 0 for cases that never wait. */
  patienceMs: number;
}

/** The target of one API's cases; `undefined` when they are played on servers of ours. */
export function targetOf(
  api: Target["api"],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Target | undefined {
  const given = (name: string): string | undefined => environment[`OPIK_LOCAL_CONFORMANCE_${name}`] || undefined;
  const url = given(api === "opik" ? "URL" : "RUNS_URL")?.replace(/\/$/, "");
  const startCommand = given("START");
  if (url === undefined && startCommand === undefined) return undefined;
  return {
    api,
    url,
    startCommand,
    headers: api === "runs" ? readHeaders(given("RUNS_HEADERS")) : {},
    patienceMs: readPatience(given("PATIENCE")),
  };
}

/** Reads `Name: value, Other: value`. */
export function readHeaders(text = ""): Record<string, string> {
  return Object.fromEntries(
    text
      .split(",")
      .map((header) => header.split(":", 2).map((part) => part.trim()))
      .filter((parts): parts is [string, string] => parts.length === 2 && parts[0] !== "")
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function readPatience(text = "0ms"): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`OPIK_LOCAL_CONFORMANCE_PATIENCE should be a duration such as 3m, not ${text}`);
  return ms;
}
