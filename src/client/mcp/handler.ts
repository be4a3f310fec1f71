import { createMcpHandler } from "@modelcontextprotocol/server";
import { authorizationOf, isControlPlane } from "../authorization.ts";
import type { Send } from "../call.ts";
import { OpikLocalClient } from "../client.ts";
import { createMcpServer } from "./server.ts";

/** Answers a request in this process. */
export type RequestHere = (path: string, init: RequestInit) => Promise<Response>;

/** Answers requests of the Model Context Protocol over HTTP, each by itself: there are no sessions to keep. */
export function createHandler(
  client: OpikLocalClient,
  options: { maxBodyBytes: number; onError: (error: Error) => void },
): (request: Request) => Promise<Response> {
  const { fetch } = createMcpHandler(() => createMcpServer(client), {
    maxRequestBodySize: options.maxBodyBytes,
    onerror: options.onError,
  });
  return (request) => fetch(request);
}

/**
 * Creates a client of the server in the same process.
 * @param apiKey the key that the server requires, if it does
 * @param workspace the only one to work with; default: create in the default one, and see all
 */
export function createClient(
  request: RequestHere,
  apiKey: string | undefined,
  workspace: string | undefined,
): OpikLocalClient {
  const send: Send = (path, init) => {
    const headers = new Headers(init.headers);
    if (apiKey !== undefined) headers.set("authorization", authorizationOf(path, apiKey));
    if (workspace !== undefined && !isControlPlane(path)) headers.set("comet-workspace", workspace);
    return request(path, { ...init, headers });
  };
  return new OpikLocalClient(send, { workspace });
}
