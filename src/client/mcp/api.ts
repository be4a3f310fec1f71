import { toLocalAnswer } from "../../admin/errors.ts";
import { createLocalRouteDefiner, MCP_PATH } from "../../admin/route.ts";
import type { ServerContext } from "../../context.ts";
import { lazily } from "../../core/lazily.ts";
import { toH3Event } from "../../http/h3-event.ts";
import { loadWeb } from "../../http/lazy-web.ts";
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
  context: Pick<ServerContext<object>, "config" | "reportError">,
  { tenancy, request }: McpDependencies,
): Api {
  let handler: Promise<(request: Request) => Promise<Response>> | undefined;
  const load = async (): Promise<(request: Request) => Promise<Response>> =>
    (await import("./handler.ts")).createHandler(context, request);
  const routes = lazily(() => [
    createLocalRouteDefiner(
      tenancy,
      context.config.maxBodyBytes,
    )({
      method: "POST",
      path: MCP_PATH,
      isAtRoot: true,
      id: "mcp",
      summary: "A message of the Model Context Protocol (streamable HTTP, without sessions), for coding agents",
      responses: { 200: anyJson, 202: undefined },
      handle: async ({ event }) => {
        const [answer] = await Promise.all([(handler ??= load()), loadWeb()]);
        return answer(toH3Event(event).req);
      },
    }),
  ]);
  return {
    prefixes: [""],
    get routes() {
      return routes();
    },
    owns: (path) => path === MCP_PATH,
    toAnswer: toLocalAnswer,
  };
}
