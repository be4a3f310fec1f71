import type { H3Event } from "h3";

/**
 * What the server reads of a request. An event of h3 has it (a request within this process), and so does `NodeEvent` (a
 * request from the network).
 */
export interface RequestEvent extends Pick<H3Event, "context" | "runtime"> {
  readonly req: Pick<H3Event["req"], "method" | "signal"> & {
    readonly headers: RequestHeaders;
    /** Reads the body of a request without a connection. */
    arrayBuffer?(): Promise<ArrayBuffer>;
  };
  readonly url: Pick<URL, "origin" | "pathname" | "search" | "searchParams">;
}

/** The header fields of a request; several of one name are one text, as in `Headers`. */
export type RequestHeaders = Pick<Headers, "get" | "has"> & Iterable<[string, string]>;
