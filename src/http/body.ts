import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { exchangeOf } from "./interceptor.ts";
import type { RequestEvent, RequestHeaders } from "./request-event.ts";
import { RequestRefused } from "./route.ts";

const gunzipAsync = promisify(gunzip);

/**
 * Reads the request body, decompressing it when it is gzip (Opik's Python SDK compresses every body). Another coding
 * is ignored, and a gzip body that was cut off is read as far as it goes, as Opik's server does [opik 1.6].
 * @param maxBytes largest body, before and after decompression
 * @returns no bytes when there is none
 * @throws RequestRefused 413 when it is too large, 400 when it is not the gzip that its header names
 */
export async function readBodyBytes(event: RequestEvent, maxBytes: number): Promise<Buffer> {
  const { headers } = event.req;
  if (Number(headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const exchange = exchangeOf(event);
  const bytes = await (exchange === undefined
    ? receive(event, maxBytes)
    : (exchange.receiving ??= receive(event, maxBytes)));
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  const body = isGzip(headers) && bytes.length > 0 ? await decompress(bytes, maxBytes) : bytes;
  if (exchange !== undefined) exchange.body = body;
  return body;
}

function receive(event: RequestEvent, maxBytes: number): Promise<Buffer> {
  const request = event.runtime?.node?.req;
  if (request === undefined) return readWhole(event.req);
  return readRequest(request as IncomingMessage, maxBytes);
}

async function readWhole(request: RequestEvent["req"]): Promise<Buffer> {
  const bytes = await request.arrayBuffer?.();
  return bytes === undefined ? Buffer.alloc(0) : Buffer.from(bytes);
}

function isGzip(headers: RequestHeaders): boolean {
  return headers.get("content-encoding")?.trim().toLowerCase() === "gzip";
}

async function decompress(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new RequestRefused(400, "The body is not valid gzip");
  }
}

/** Like `readBodyBytes`, decoded as UTF-8; bytes that are not UTF-8 become U+FFFD. */
export async function readBodyText(event: RequestEvent, maxBytes: number): Promise<string> {
  return (await readBodyBytes(event, maxBytes)).toString("utf8");
}

/** Node's own stream: the one that `event.req.body` makes of it costs more than all the rest of a small request. */
function readRequest(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and dropped, so that the client gets its answer when it has sent everything.
      if (size > maxBytes) reject(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    request.once("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.once("error", reject);
  });
}

function tooLarge(maxBytes: number): RequestRefused {
  return new RequestRefused(413, `The request body is larger than ${maxBytes} bytes`);
}
