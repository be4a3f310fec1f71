import * as v from "valibot";
import { withFullStop } from "../core/sentence.ts";
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
  return (await fetchLocalApi(server, path, terminal, request)).text();
}

/**
 * The same with a large answer.
 * @returns its body as it comes in
 * @throws CommandError with what the server says, when it refuses; later, when the answer breaks off
 */
export async function readLocalApi(
  server: RunningServer,
  path: string,
  terminal: Terminal,
): Promise<AsyncIterable<string>> {
  const { body } = await fetchLocalApi(server, path, terminal, {});
  return slicesOf(body, server);
}

async function* slicesOf(body: Response["body"], { url }: RunningServer): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body ?? []) yield decoder.decode(bytes as Uint8Array, { stream: true });
  } catch {
    throw new CommandError(`The answer of the server at ${url} broke off. Its console says more.`);
  }
}

async function fetchLocalApi(
  server: RunningServer,
  path: string,
  terminal: Terminal,
  request: RequestInit,
): Promise<Response> {
  const response = await askServer(server, `/__local${path}`, terminal, { timeoutMs: FIXTURES_TIMEOUT_MS, ...request });
  if (response.ok) return response;
  const text = await response.text();
  throw new CommandError(describeRefusal(text) ?? `The server at ${server.url} answers ${response.status}: ${text}`);
}

/** The server's errors, one in a line. */
function describeRefusal(text: string): string | undefined {
  try {
    const { message, details = [] } = v.parse(refusal, JSON.parse(text)).error;
    const lines = details.flatMap((detail) => detail.text ?? []);
    return lines.length === 0 ? withFullStop(message) : `${message}:\n${lines.join("\n")}`;
  } catch {
    return undefined;
  }
}
