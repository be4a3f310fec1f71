import type { EventStream, EventStreamMessage } from "h3";
import type { Clock, Timer } from "../core/clock.ts";
import { afterThisWork } from "../core/node-timers.ts";
import { toH3Event } from "./h3-event.ts";
import { loadWeb, web } from "./lazy-web.ts";
import type { RequestEvent } from "./request-event.ts";

/** One server-sent event; `data` on one line. */
export type Frame = EventStreamMessage;

/** Writes JSON on one line, as the data of a frame. Line breaks in strings are escaped already, all others are space. */
export function onOneLine(json: string): string {
  return json.replaceAll(/[\r\n]/g, " ");
}

export interface ClientStreamOptions {
  clock: Clock;
  /** The interval of keep-alive comments, so that proxies do not close the connection, in milliseconds. */
  keepAliveMs: number;
  /** When the stream ends at the latest, in milliseconds from now. */
  longestMs: number;
  /** Called once, when the client has gone or the stream was closed. */
  onClosed: () => void;
  /** Takes what went wrong while frames were fetched to be sent; the stream is cut off then. */
  onError: (error: unknown) => void;
}

/**
 * A client this far behind reads too slowly to ever catch up, and what waits for it fills the memory. It is
 * cut off, and resumes where it was when it comes again.
 */
const MAX_UNSENT = 1_000;

/** How many frames are handed to the connection at once. */
const FRAMES_AT_ONCE = 100;

/** Opens a stream when h3 is loaded, which makes it. @param open makes a `ClientStream` */
export async function openStream(open: () => Response): Promise<Response> {
  await loadWeb();
  return open();
}

/** A stream of server-sent events to one client. */
export class ClientStream {
  readonly response: Response;
  readonly #options: ClientStreamOptions;
  readonly #event: RequestEvent;
  readonly #stream: EventStream;
  readonly #lifetime: Timer;
  #keepAlive: Timer;
  /** What comes before the frames that wait: it is fetched as the client reads. */
  #missed: Iterator<readonly Frame[]> | undefined;
  #waiting: Frame[] = [];
  #sending = false;
  #seenThisTurn = false;
  #finishing = false;
  #closed = false;

  constructor(event: RequestEvent, options: ClientStreamOptions) {
    this.#options = options;
    this.#event = event;
    this.#stream = web().createEventStream(toH3Event(event));
    const headers = new Headers(this.#stream.headers);
    headers.set("cache-control", "no-cache");
    this.response = new Response(sentAtOnce(this.#stream.body as ReadableStream<Uint8Array>), { headers });
    this.#stream.onClosed(() => this.#end());
    this.#lifetime = options.clock.schedule(options.longestMs, () => this.close());
    this.#keepAlive = this.#scheduleKeepAlive();
  }

  /**
   * Sends what a client has missed before anything else, however much it is: a page is fetched when the client
   * has read the one before.
   */
  catchUp(pages: Iterable<readonly Frame[]>): void {
    this.#missed = pages[Symbol.iterator]();
    this.#startSending();
  }

  /** Sends a frame behind all others. A stream that is closed sends nothing. */
  send(frame: Frame): void {
    if (this.#closed || this.#finishing) return;
    if (this.#isTooFarBehind()) {
      this.#cut();
      return;
    }
    this.#waiting.push(frame);
    this.#startSending();
  }

  /** Closes the stream when everything was sent. */
  finish(): void {
    this.#finishing = true;
    if (!this.#sending) this.close();
  }

  /** Ends the stream; what its client has not read yet is for when it comes again. Safe to call twice. */
  close(): void {
    this.#end();
    void this.#stream.close();
  }

  #scheduleKeepAlive(): Timer {
    const { clock, keepAliveMs } = this.#options;
    return clock.schedule(keepAliveMs, () => {
      void this.#stream.pushComment("keepalive");
      this.#keepAlive = this.#scheduleKeepAlive();
    });
  }

  /** No client can be served while this process is busy: only what was unread before that counts. */
  #isTooFarBehind(): boolean {
    if (this.#seenThisTurn) return false;
    this.#seenThisTurn = true;
    afterThisWork(() => {
      this.#seenThisTurn = false;
    });
    return this.#waiting.length > MAX_UNSENT;
  }

  #startSending(): void {
    if (this.#sending) return;
    this.#sending = true;
    this.#sendAll().catch((error: unknown) => {
      this.#cut();
      this.#options.onError(error);
    });
  }

  /** Hands frames to the connection as fast as it takes them. */
  async #sendAll(): Promise<void> {
    for (let frames = this.#next(); frames.length > 0; frames = this.#next()) {
      await this.#stream.push([...frames]);
    }
    this.#sending = false;
    if (this.#finishing) this.close();
  }

  #next(): readonly Frame[] {
    if (this.#closed) return [];
    const page = this.#missed?.next();
    if (page?.done === false) return page.value;
    this.#missed = undefined;
    return this.#waiting.splice(0, FRAMES_AT_ONCE);
  }

  #cut(): void {
    this.close();
    this.#event.runtime?.node?.res?.destroy();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting = [];
    this.#lifetime.cancel();
    this.#keepAlive.cancel();
    this.#options.onClosed();
  }
}

/**
 * A body whose headers are sent at once. Node sends them with the first write, and a client that has not got them does
 * not know that it is connected; an empty write is enough.
 */
function sentAtOnce(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return body.pipeThrough(new TransformStream({ start: (controller) => controller.enqueue(new Uint8Array()) }));
}
