import { createMcpHandler } from "@modelcontextprotocol/server";
import type { OpikLocalClient } from "../client.ts";
import { createMcpServer } from "./server.ts";

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
