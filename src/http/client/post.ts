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

/**
 * Sends a POST on a connection of its own: a reused connection may have been closed by the endpoint, and then it is
 * unknown whether the request was processed. Redirects are not followed. Only the signal ends the request, because all
 * timeouts use the server's clock. Not with `fetch`, which refuses a list of ports that executors may use.
 * @throws Error of the connection, mostly with a `code`, or the signal's reason
 */
export async function post({ url, headers, body = "", signal, maxBytes }: PostRequest): Promise<PostAnswer> {
  // Loaded by the first push: it takes longer than all the rest of a start.
  const { Client } = await import("undici");
  const { origin, pathname, search, username, password } = new URL(url);
  const client = new Client(origin, {
    // No connection is kept.
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Without the signal a connection that is still being made would live on.
    connect: { timeout: 0, signal },
  });
  try {
    const answer = await client.request({
      method: "POST",
      path: pathname + search,
      headers: { ...basicAuthorization(username, password), ...headers, "user-agent": OUTGOING_USER_AGENT },
      body,
      signal,
    });
    return { status: answer.statusCode, body: await readUpTo(answer.body, maxBytes) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    void client.destroy();
  }
}

/** What a browser makes of `http://name:password@host`. */
function basicAuthorization(username: string, password: string): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

async function readUpTo(answer: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
