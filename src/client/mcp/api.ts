import { toLocalAnswer } from "../../admin/errors.ts";
import { createLocalRouteDefiner, MCP_PATH } from "../../admin/route.ts";
import type { ServerContext } from "../../context.ts";
import type { Api } from "../../http/route.ts";
import { anyJson } from "../../http/schema.ts";
import type { Tenancy } from "../../opik/access/owner.ts";
import type { RequestHere } from "./handler.ts";

export interface McpDependencies {
  tenancy: Tenancy;
  request: RequestHere;
}

/**
 * Serves the Model Context Protocol at `POST /mcp` (streamable HTTP), guarded as the server's own endpoints. The library
 * and the tools are loaded with the first request: most servers are never asked.
 */
export function createMcpApi(
  { config: { apiKey, maxBodyBytes }, reportError }: Pick<ServerContext<object>, "config" | "reportError">,
  { tenancy, request }: McpDependencies,
): Api {
  const onError = (error: Error): void => reportError(error, "answering a request of the Model Context Protocol");
  const route = createLocalRouteDefiner(tenancy, maxBodyBytes);
  return {
    prefixes: [""],
    routes: [
      route({
        method: "POST",
        path: MCP_PATH,
        isAtRoot: true,
        id: "mcp",
        summary: "A message of the Model Context Protocol (streamable HTTP, without sessions), for coding agents",
        responses: { 200: anyJson, 202: undefined },
        handle: async ({ event }) => {
          const { createClient, createHandler } = await import("./handler.ts");
          const client = createClient(request, apiKey, event.req.headers.get("comet-workspace") ?? undefined);
          return createHandler(client, { maxBodyBytes, onError })(event.req);
        },
      }),
    ],
    owns: (path) => path === MCP_PATH,
    toAnswer: toLocalAnswer,
  };
}
