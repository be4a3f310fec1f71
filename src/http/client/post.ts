import { Agent, type IncomingMessage, request as requestHttp } from "node:http";
import { errorCode } from "../../core/errors.ts";
import { VERSION } from "../../version.ts";

/** Names the server in every request that it makes, so that it can refuse its own requests where they do harm. */
export const OUTGOING_USER_AGENT = `opik-local/${VERSION} (outgoing)`;

/** What an endpoint answered. */
export interface PostAnswer {
  status: number;
  /** At most `maxBytes` of it. */
  body: Buffer;
}

export interface PostRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Nothing is sent when absent. */
  body: string | undefined;
  /** Aborting it ends the request at any stage. */
  signal: AbortSignal;
  /** The rest of a longer answer is not read. */
  maxBytes: number;
}

const HTTP = { request: requestHttp, agent: new Agent({ keepAlive: false }) };

/** Loaded with the first request: it takes longer than the rest of HTTP. */
let https: typeof HTTP | undefined;

function loadHttps(): typeof HTTP {
  const { Agent, request } = process.getBuiltinModule("node:https");
  return { request, agent: new Agent({ keepAlive: false }) };
}

/**
 * Sends a POST on a connection of its own: a reused connection may have been closed by the endpoint, and then it is
 * unknown whether the request was processed. Redirects are not followed. Only the signal ends the request, because all
 * timeouts use the server's clock. Not with `fetch`, which refuses a list of ports that executors may use.
 * @throws Error of the connection, mostly with a `code`, or the signal's reason
 */
export async function post({ url, headers, body = "", signal, maxBytes }: PostRequest): Promise<PostAnswer> {
  const target = new URL(url);
  const { request, agent } = target.protocol === "https:" ? (https ??= loadHttps()) : HTTP;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      // As bytes: with a text Node would write the headers in the text's encoding, and secrets are bytes in latin1.
      const bytes = Buffer.from(body);
      const fields = { ...headers, "user-agent": OUTGOING_USER_AGENT, "content-length": bytes.length };
      request(target, { method: "POST", agent, headers: fields, signal }, resolve).on("error", reject).end(bytes);
    });
    return { status: answer.statusCode ?? 0, body: await readUpTo(answer, maxBytes) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Why a POST got no answer, for people. When all of several addresses have refused, Node reports only a code. */
export function failureReason(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  return message || (errorCode(error) ?? "unknown error");
}

/** Leaving the loop closes the connection. */
async function readUpTo(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
