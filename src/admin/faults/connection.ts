import type { HTTPResponse } from "h3";
import { nextTurn } from "../../core/slices.ts";
import type { Exchange } from "../../http/interceptor.ts";
import { web } from "../../http/lazy-web.ts";

/** Resets the connection of a request: the client gets an error and no byte of an answer. */
export function resetConnection({ event }: Exchange): void {
  event.runtime?.node?.req.socket.resetAndDestroy();
}

/**
 * Creates a response that ends with its connection after half of the body. A body that is a stream, or none, is not sent
 * at all.
 */
export function cutResponse(exchange: Exchange, response: Response | HTTPResponse): Response | HTTPResponse {
  const { body } = response;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
    resetConnection(exchange);
    return response;
  }
  const headers = new Headers(response.headers);
  headers.set("content-length", String(bytes.length));
  const parts = [bytes.subarray(0, Math.ceil(bytes.length / 2))];
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const part = parts.shift();
        if (part !== undefined) {
          controller.enqueue(part);
          return;
        }
        // What was written is handed to the operating system first.
        await nextTurn();
        exchange.event.runtime?.node?.res?.destroy();
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText } = response;
  return new (web().HTTPResponse)(stream, {
    headers,
    ...(status === undefined ? {} : { status }),
    ...(statusText === undefined ? {} : { statusText }),
  });
}
