import { nextTurn } from "../../core/slices.ts";
import type { Exchange } from "../../http/interceptor.ts";
import { type AnyResponse, fieldsOf, WrittenResponse } from "../../http/written-response.ts";

/** Resets the connection of a request: the client gets an error and no byte of an answer. */
export function resetConnection({ event }: Exchange): void {
  event.runtime?.node?.req.socket.resetAndDestroy();
}

/**
 * Creates a response that ends with its connection after half of the body. A body that is a stream, or none, is not sent
 * at all.
 */
export function cutResponse(exchange: Exchange, response: AnyResponse): AnyResponse {
  const { body } = response;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
    resetConnection(exchange);
    return response;
  }
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
  const fields = { ...fieldsOf(response), "content-length": String(bytes.length) };
  return new WrittenResponse(response.status, fields, stream);
}
