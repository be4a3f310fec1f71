import type { Socket } from "node:net";
import { inNextTurn } from "../core/node-timers.ts";
import type { RequestEvent } from "./request-event.ts";

/** Timeout for a client to close a connection that it has asked to close, in milliseconds. */
const CLIENT_CLOSE_TIMEOUT_MS = 65_000;

/** Callbacks for the delivery of an answer: at most one of the two is called, once. */
export interface DeliveryListener {
  /** The client has read the answer. */
  onDelivered(): void;
  /** The client went away without reading the answer. */
  onUndelivered(): void;
}

/**
 * Finds out whether answers in which something is assigned were read by their client.
 *
 * A client that left earlier closes the response before it was written. One that left in the very moment
 * of the answer shows only afterwards: its operating system refuses the bytes and resets the connection.
 * A client that has read the answer and then leaves closes cleanly, and one that sends another request on
 * the same connection has read the answer to the last. Of a connection that the server closes itself nothing is known.
 */
export class Deliveries {
  readonly #unread = new WeakMap<Socket, () => void>();

  /** Calls `listener` when it turns out whether the answer to this request was read. */
  watch(event: RequestEvent, listener: DeliveryListener): void {
    const { req, res } = event.runtime?.node ?? {};
    if (req === undefined || res === undefined) {
      // A caller in this process has no connection: the answer is handed to it as it is.
      listener.onDelivered();
      return;
    }
    // The connection may have ended in this turn of the event loop, before its close event: what is written now is lost
    // and still counts as finished.
    if (req.socket.destroyed) {
      listener.onUndelivered();
      return;
    }
    keepOpenUntilRead(req.socket);
    res.once("close", () => {
      if (res.writableFinished) this.#watchConnection(req.socket, listener);
      else listener.onUndelivered();
    });
  }

  /** A request has come in: the answer to the one before it on this connection was read. */
  received(event: RequestEvent): void {
    const socket = event.runtime?.node?.req.socket;
    if (socket !== undefined) this.#unread.get(socket)?.();
  }

  #watchConnection(socket: Socket, { onDelivered, onUndelivered }: DeliveryListener): void {
    const onClose = (hadError: boolean): void => {
      if (hadError) onUndelivered();
      // Without an end of the client's side it is the server that closed the connection.
      else if (socket.readableEnded) onDelivered();
    };
    if (socket.destroyed) {
      onClose(socket.errored !== null);
      return;
    }
    // The end of the client's side arrives before the reset that our bytes cause. Only another write shows whether
    // there was a reset: a reset connection refuses the byte, a client that closed cleanly ignores it.
    const probe = (): void => {
      if (!socket.writableEnded) socket.write("\n");
    };
    socket.prependOnceListener("end", probe);
    socket.once("close", onClose);
    this.#unread.set(socket, () => {
      this.#unread.delete(socket);
      socket.off("end", probe);
      socket.off("close", onClose);
      onDelivered();
    });
  }
}

/**
 * Half-closes a connection that the client wants closed after this answer, and waits for the client to close its side.
 * After a full close it would be unknown whether the client has read the answer. Before that, the operating system is
 * asked once whether the client has left, because nothing can be written after the end.
 */
function keepOpenUntilRead(socket: Socket): void {
  socket.destroySoon = endSoon;
}

function endSoon(this: Socket): void {
  this.setTimeout(CLIENT_CLOSE_TIMEOUT_MS);
  // The first turn of the event loop may be the present one, in which the socket was checked already.
  inNextTurn(() => inNextTurn(() => this.end()));
}
