import type { GenericSchema } from "valibot";
import type { CompressionRules } from "./compression.ts";
import type { MethodRules } from "./methods.ts";
import type { RequestEvent } from "./request-event.ts";

/** What a route answers; `http/answer.ts` turns it into a response. */
export interface Answer {
  status: number;
  /** Sent as JSON (`null` as the four bytes `null`); left out, the response has no body. */
  body?: unknown;
  /** JSON that is written in slices, instead of `body`; given up with `return` when the client goes away. */
  slices?: Generator<string, void>;
  /** A body already written, sent as it is instead of `body`; `headers` say what it is. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
  /**
   * The connection is closed instead, as if the server were gone already: for clients that would ask again
   * at once after any answer. The rest is what the journal and callers without a connection see.
   */
  closeConnection?: boolean;
  /** Routine request without an effect, such as a heartbeat or an empty poll. Consoles leave it out. */
  routine?: boolean;
  /** Called when the client is known to have read this answer: what is assigned in it is acknowledged. */
  onDelivered?: (() => void) | undefined;
  /** Called when the client went away without reading this answer, to undo what was assigned in it. */
  onUndelivered?: (() => void) | undefined;
}

/** What the OpenAPI document says of a route; the schemas are the ones that check and describe the wire. */
export interface Operation {
  id: string;
  tag: string;
  summary: string;
  /** JSON Schemas of path and query parameters by name. */
  parameters?: ReadonlyArray<{ name: string; in: "path" | "query"; required: boolean; schema: object }>;
  request?: GenericSchema | undefined;
  /** The answer is a stream of lines, with one JSON object of the schema on each. */
  streams?: boolean;
  /** Response schema by status; `undefined` for an answer without a body. */
  responses: Readonly<Record<number, GenericSchema | undefined>>;
}

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** One line of a route table: everything that is known of an endpoint. */
export interface Route {
  method: Method;
  /** In h3's notation: `/v1/private/projects/:id`. */
  path: string;
  operation: Operation;
  /** It only says that there is no such thing here; the OpenAPI document leaves it out, and so do suggestions. */
  isDeclined?: true;
  /** Has no body when it answers a failure of ours. */
  emptyBodyOnError?: boolean;
  handle: (event: RequestEvent) => Promise<Answer | Response>;
}

/** One of the APIs served: its routes and its way of saying that something went wrong. */
export interface Api {
  /** Route tables are served under each of these; `""` is the root. */
  prefixes: readonly string[];
  /** All routes. They may be created when they are first read. */
  readonly routes: readonly Route[];
  /** Those of `routes` that are answered without creating the others, such as whether the server is alive. */
  readonly firstRoutes?: readonly Route[];
  /** Whether a path without a route belongs to this API, so that the error has its shape. */
  owns(pathname: string): boolean;
  /**
   * Called before a path or method without a route is refused; an error that it throws is answered instead. For paths
   * that must not reveal to unauthorized clients what exists.
   */
  admit?(event: RequestEvent): Promise<void>;
  /**
   * Checks the path and the query of a request as they were sent.
   * @throws RequestRefused
   */
  checkTarget?(target: string): void;
  /** How methods are treated that a path has no route for; default `USUAL_METHODS`. */
  methods?: MethodRules;
  /** Which answers are compressed; left out, none is. */
  compression?: CompressionRules;
  /** How the OpenAPI document calls this API's errors, and what their bodies are. */
  errors?: { name: string; schema: GenericSchema };
  /** Serves the paths that no API has a route for, as a web application needs it that reads the path itself. */
  rest?: {
    owns(pathname: string): boolean;
    serve(event: RequestEvent): Promise<Response>;
  };
  /** Converts an error of a route, or one of the errors below, to an answer in this API's shape. */
  toAnswer(error: unknown, event: RequestEvent): Answer;
}

/** A request that fits no route or is refused before one is reached. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
