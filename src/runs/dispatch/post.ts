import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";

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
  /** Aborting it ends the request, whatever it is at. */
  signal: AbortSignal;
  /** The rest of a longer answer is not read. */
  maxBytes: number;
}

/**
 * One POST on a connection of its own. Redirects are not followed. Not with `fetch`: it refuses a list of
 * ports that executors may well listen on, and gives up after five minutes by itself, on no clock of ours.
 * @throws Error of the connection (`code`), or the signal's
 */
export function post(request: PostRequest): Promise<PostAnswer> {
  const { url, headers, body, signal, maxBytes } = request;
  const send = new URL(url).protocol === "https:" ? requestSecure : requestPlain;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, "content-length": String(length) },
      signal,
    });
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      readUpTo(incoming, maxBytes).then((read) => {
        resolve({ status: incoming.statusCode ?? 0, body: read });
        outgoing.destroy();
      }, reject);
    });
    // As bytes: Node would put a text into one string with the headers, and write these as UTF-8 too.
    outgoing.end(body === undefined ? undefined : Buffer.from(body));
  });
}

async function readUpTo(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
