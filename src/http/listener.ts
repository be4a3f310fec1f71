import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SystemClock } from "../core/clock.ts";
import { answerBrokenRequests, refuseRequest } from "./broken-requests.ts";
import type { App } from "./lazy-app.ts";
import { loadWeb, webIfLoaded } from "./lazy-web.ts";
import { NodeEvent } from "./node-event.ts";
import { type AnyResponse, isResponse } from "./written-response.ts";

/** An open port and what is needed to close it. */
export interface Listener {
  /** The address bound, read from the socket: `http://127.0.0.1:5173`. */
  url: string;
  port: number;
  /** Stops accepting, lets running requests end for up to `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** A way to get a port: `listen`, or one that moves on when the port is taken. */
export type Bind = (app: App, host: string, port: number) => Promise<Listener>;

/** Addresses to listen on that are no addresses to connect to. */
const EVERY_INTERFACE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * Longer than any client keeps an idle connection: Python's httpx reuses one for 10 s, and the SDK does
 * not retry the call that meets a connection closed under it.
 */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Longest first line and headers together. Shorter limits are each API's own. */
const MAX_HEADER_BYTES = 65_536;

/**
 * Binds the port directly, never after a probe.
 * @param port 0 takes any free one
 * @throws an error with `code` `EADDRINUSE`, `EACCES`, ... when the port cannot be had
 */
export function listen(app: App, host: string, port: number): Promise<Listener> {
  return listenWith(createAppServer(app), app, host, port);
}

/** The same, with a port and connections that do not keep the process alive. */
export function listenInBackground(app: App, host: string, port: number): Promise<Listener> {
  const server = createAppServer(app);
  server.unref();
  server.on("connection", (socket) => socket.unref());
  return listenWith(server, app, host, port);
}

function createAppServer(app: App): Server {
  return createServer({ maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false }, createHandler(app));
}

function listenWith(server: Server, app: App, host: string, port: number): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(toListener(server, host, app));
    });
  });
}

/** Makes what Node calls for each request. */
export function createHandler(app: App): RequestListener {
  return (req, res) => {
    if (req.headers.host === undefined && req.httpVersion === "1.1") {
      refuseRequest(app, req, 400);
      return;
    }
    const event = app.answer === undefined ? undefined : NodeEvent.from(req, res);
    void (event === undefined ? answerByH3(app, req, res) : answerRequest(app, event, res));
  };
}

/** Answers a request, and sends what the exchange has not sent itself: streams and responses. */
async function answerRequest(app: App, event: NodeEvent, res: ServerResponse): Promise<void> {
  try {
    const response = await app.answer?.(event);
    if (response !== undefined) await send(res, response);
  } catch (error) {
    await answerFailure(app, event, res, error);
  }
}

/** Answers with the error of the API in place of an answer that cannot be sent; one that has begun is cut off. */
async function answerFailure(app: App, event: NodeEvent, res: ServerResponse, error: unknown): Promise<void> {
  try {
    const response = res.headersSent ? undefined : await app.answerFailure?.(event, error);
    if (response === undefined) res.destroy();
    else await send(res, response);
  } catch {
    res.destroy();
  }
}

async function send(res: ServerResponse, response: AnyResponse): Promise<void> {
  const { sendNodeResponse } = await loadWeb();
  await sendNodeResponse(res, isResponse(response) ? response : response.toResponse());
}

/** Answers a request that only h3 can read. */
async function answerByH3(app: App, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const web = webIfLoaded() ?? (await loadWeb());
  let response: Response;
  try {
    response = await app.fetch(new web.NodeRequest({ req, res }));
  } catch {
    // A Host and a target of which no URL can be made, such as one with the port 99999.
    refuseRequest(app, req, 400);
    return;
  }
  if (response === web.SENT) return;
  try {
    await web.sendNodeResponse(res, response);
  } catch {
    res.destroy();
  }
}

/** Wraps a server that is bound already and that calls `app`. */
export function toListener(server: Server, host: string, app: App): Listener {
  answerBrokenRequests(server, app);
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  // An open poll is not a slow client; a body that never ends is cut off by headersTimeout and this timeout.
  server.requestTimeout = 300_000;
  const { port } = server.address() as AddressInfo;
  const reachable = EVERY_INTERFACE[host] ?? host;
  return {
    url: `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`,
    port,
    close: (graceMs) => closeServer(server, graceMs),
  };
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // Real time, also with a virtual clock: a client that hangs must time out without `advance`.
    const cut = new SystemClock({ keepsAlive: true }).schedule(graceMs, () => server.closeAllConnections());
    server.close(() => {
      cut.cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}
