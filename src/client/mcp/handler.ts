import { createMcpHandler } from "@modelcontextprotocol/server";
import type { ServerContext } from "../../context.ts";
import { authorizationOf, isControlPlane } from "../../http/authorization.ts";
import { OpikLocalClient } from "../client.ts";
import { createMcpServer } from "./server.ts";

/** Answers a request in this process. */
export type RequestHere = (path: string, init: RequestInit) => Promise<Response>;

/**
 * Creates what answers requests of the Model Context Protocol over HTTP, each by itself: there are no sessions to keep. A
 * request works in the workspace of its header `Comet-Workspace`; without one it creates in the default one and sees all.
 * @param request sends the requests of the tools
 */
export function createHandler(
  { config: { apiKey, maxBodyBytes }, reportError }: Pick<ServerContext<object>, "config" | "reportError">,
  request: RequestHere,
): (request: Request) => Promise<Response> {
  const { fetch } = createMcpHandler(
    ({ requestInfo }) =>
      createMcpServer(createClient(request, apiKey, requestInfo?.headers.get("comet-workspace") ?? undefined)),
    {
      maxRequestBodySize: maxBodyBytes,
      onerror: (error) => reportError(error, "answering a request of the Model Context Protocol"),
    },
  );
  return (asked) => fetch(asked);
}

function createClient(
  request: RequestHere,
  apiKey: string | undefined,
  workspace: string | undefined,
): OpikLocalClient {
  return new OpikLocalClient(
    (path, init) => {
      const headers = new Headers(init.headers);
      if (apiKey !== undefined) headers.set("authorization", authorizationOf(path, apiKey));
      if (workspace !== undefined && !isControlPlane(path)) headers.set("comet-workspace", workspace);
      return request(path, { ...init, headers });
    },
    { workspace },
  );
}
