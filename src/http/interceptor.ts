import type { RequestEvent } from "./request-event.ts";
import type { Answer, Api, Route } from "./route.ts";
import type { AnyResponse } from "./written-response.ts";

/** A request on its way to its answer. */
export class Exchange {
  readonly event: RequestEvent;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The API that answers. */
  readonly api: Api;
  /** The route that answers; `undefined` when the path or the method has none. */
  readonly route: Route | undefined;
  /** When the request was received, in milliseconds since the epoch, by the server's clock. */
  readonly receivedAt: number;
  /** The bytes of the body while and after they are received, so that a second reader gets the same ones. */
  receiving: Promise<Buffer> | undefined;
  /** The body, decompressed; `undefined` as long as it was not read. */
  body: Buffer | undefined;
  /** Set by an interceptor that ends the connection: the client gets nothing, or not all, of the answer. */
  isLost = false;
  /** The id of the fault that an interceptor has injected. */
  fault: string | undefined;
  /** The ids of the jobs and runs that the query names. Set by the route. */
  subjects: readonly string[] = [];

  constructor(event: RequestEvent, api: Api, route: Route | undefined, receivedAt: number) {
    this.event = event;
    this.method = event.req.method;
    this.path = event.url.pathname;
    this.api = api;
    this.route = route;
    this.receivedAt = receivedAt;
  }
}

/** The exchange to which a request belongs; `undefined` outside of a server. */
export function exchangeOf({ context }: RequestEvent): Exchange | undefined {
  return context["exchange"] instanceof Exchange ? context["exchange"] : undefined;
}

/** How a request was answered. */
export interface Answered {
  status: number;
  /** How long the answer took, in milliseconds of monotonic time. */
  durationMs: number;
  /** Whether the request had no effect (see `Answer.routine`). */
  routine: boolean;
  /** Why the request was refused, for a status from 400 to 499. */
  reason: string | undefined;
  /** The route that was probably meant, of a request without a route: `POST /v1/private/projects`. */
  nearestRoute: string | undefined;
  /** Whether something is assigned in the answer, so that it will turn out whether it is read. */
  isAssignment: boolean;
  /** Header fields of the answer. */
  headers: Readonly<Record<string, string>> | Headers;
  /** The body of the answer, uncompressed; of a large one its beginning, of a stream of events nothing. */
  text: string | undefined;
}

/**
 * Work that is done around each request: a journal, faults, metrics. The steps of an exchange are
 * receive → guard → route → read → handle → write → deliver (`http/exchange.ts`). Interceptors are called in their order.
 */
export interface Interceptor {
  /**
   * Behind the guard, when it is known which route answers and that the path is in order.
   * @returns an answer that is given instead of the route's; `undefined` to go on
   */
  routed?(exchange: Exchange): Answer | undefined | Promise<Answer | undefined>;
  /** When the answer, or the one of an error, is written, and before any of it is sent. Must not throw. */
  written?(exchange: Exchange, answered: Answered): void;
  /**
   * Directly before the answer is sent: it may be held back, or given up with the connection.
   * @returns the response to send; the given one to leave it as it is
   */
  sending?(exchange: Exchange, response: AnyResponse): AnyResponse | Promise<AnyResponse>;
  /**
   * When it has turned out whether an answer in which something was assigned was read by its client. Must not throw.
   * @param isRead whether the client has read it
   */
  delivered?(exchange: Exchange, isRead: boolean): void;
}
