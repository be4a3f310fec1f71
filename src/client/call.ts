import { rawFields, stringifyJson } from "../core/json.ts";

/** Sends a request to a server. `path` begins with a slash; what is thrown when there is no answer is the sender's. */
export type Send = (path: string, init: RequestInit, timeoutMs?: number) => Promise<Response>;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The parts of a request. */
export interface CallOptions {
  /** Parameters that are `undefined` are left out. */
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; texts of `RawJson` as they are. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Aborting it gives the request up. */
  signal?: AbortSignal;
  /** How long the answer may take, in milliseconds; default what the sender allows. */
  timeoutMs?: number;
}

/** A successful answer. */
export class Reply {
  readonly text: string;
  readonly headers: Headers;

  constructor(text: string, headers: Headers) {
    this.text = text;
    this.headers = headers;
  }

  /** The body with plain JavaScript values, which may lose what JavaScript cannot hold (`1.0`, big integers). */
  json<Body>(): Body {
    return JSON.parse(this.text) as Body;
  }

  /** A field of the body as it was written; `undefined` when it is absent. */
  raw(field: string): string | undefined {
    const fields = rawFields(this.text);
    return fields.get(field)?.text;
  }

  /** The last part of the header `Location`: the id of what was created. */
  get createdId(): string {
    return this.headers.get("location")?.split("/").at(-1) ?? "";
  }
}

/** An answer with a status from 400 on. */
export class RefusedError extends Error {
  override readonly name: string = "RefusedError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Call = (method: Method, path: string, options?: CallOptions) => Promise<Reply>;

/** @returns a function that throws RefusedError, with the reason in the words of the API */
export function createCall(send: Send): Call {
  return async (method, path, { query = {}, body, headers = {}, signal, timeoutMs } = {}) => {
    const parameters = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, String(value)]));
    const init = {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: stringifyJson(body) }),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await send(parameters.length === 0 ? path : `${path}?${search}`, init, timeoutMs);
    const text = await response.text();
    if (!response.ok) throw new RefusedError(response.status, describeRefusal(response.status, text));
    return new Reply(text, response.headers);
  };
}

/** The reason in the body of an error of any of the APIs; else the body itself. */
function describeRefusal(status: number, text: string): string {
  const reason = `the server answers ${status}${text === "" ? "" : `: ${text}`}`;
  try {
    const body = JSON.parse(text) as {
      errors?: unknown;
      message?: unknown;
      error?: { message?: unknown; details?: unknown };
    };
    if (Array.isArray(body.errors)) return body.errors.join("; ");
    if (typeof body.message === "string") return body.message;
    if (typeof body.error?.message !== "string") return reason;
    const details = Array.isArray(body.error.details) ? body.error.details.map(textOfDetail) : [];
    return [body.error.message, ...details.filter((detail) => detail !== "")].join(details.length === 1 ? ": " : "\n");
  } catch {
    return reason;
  }
}

function textOfDetail(detail: unknown): string {
  if (typeof detail === "string") return detail;
  const { text, path, message } = (detail ?? {}) as { text?: unknown; path?: unknown; message?: unknown };
  if (typeof text === "string") return text;
  if (typeof message !== "string") return "";
  return typeof path === "string" && path !== "" ? `${path} ${message}` : message;
}
