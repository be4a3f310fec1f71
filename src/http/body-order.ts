import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { nextTurn } from "../core/slices.ts";
import type { RequestEvent } from "./request-event.ts";

/** The body that was begun last on each connection, while it is read. */
const lastBodies = new WeakMap<Socket, Promise<unknown>>();

/**
 * Reads the body of a request after the bodies of earlier requests on the same connection: a client that pipelines
 * requests has them done in its order, also when an earlier body is large and read in slices.
 */
export async function readInOrder<Body>(event: RequestEvent, read: () => Promise<Body>): Promise<Body> {
  const request = event.runtime?.node?.req as IncomingMessage | undefined;
  if (request === undefined) return read();
  const { socket } = request;
  const earlier = lastBodies.get(socket);
  const body = earlier === undefined ? read() : readAfter(earlier, read);
  lastBodies.set(socket, body);
  try {
    return await body;
  } finally {
    if (lastBodies.get(socket) === body) lastBodies.delete(socket);
  }
}

async function readAfter<Body>(earlier: Promise<unknown>, read: () => Promise<Body>): Promise<Body> {
  await Promise.allSettled([earlier]);
  // The earlier request is handled in the turn in which its body is complete.
  await nextTurn();
  return read();
}
