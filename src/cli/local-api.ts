import * as v from "valibot";
import { CommandError } from "./failures.ts";
import { askServer, type RunningServer } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** Loading ten thousand runs takes seconds; without an answer it is unknown whether they were loaded. */
const FIXTURES_TIMEOUT_MS = 240_000;

const refusal = v.object({
  error: v.object({
    message: v.string(),
    details: v.optional(v.array(v.looseObject({ text: v.optional(v.string()) }))),
  }),
});

/**
 * Asks a running server for something under `/__local` that may take a while.
 * @returns the body of the answer
 * @throws CommandError with what the server says, when it refuses
 */
export async function askLocalApi(
  server: RunningServer,
  path: string,
  terminal: Terminal,
  request: RequestInit = {},
): Promise<string> {
  const response = await askServer(server, `/__local${path}`, terminal, { timeoutMs: FIXTURES_TIMEOUT_MS, ...request });
  const text = await response.text();
  if (response.ok) return text;
  throw new CommandError(describeRefusal(text) ?? `The server at ${server.url} answers ${response.status}: ${text}`);
}

/** What the server says is wrong, all of it, one line each. */
function describeRefusal(text: string): string | undefined {
  try {
    const { message, details = [] } = v.parse(refusal, JSON.parse(text)).error;
    const lines = details.flatMap((detail) => detail.text ?? []);
    return lines.length === 0 ? `${message}.` : `${message}:\n${lines.join("\n")}`;
  } catch {
    return undefined;
  }
}
