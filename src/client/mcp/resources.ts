import type { McpServer } from "@modelcontextprotocol/server";
import type { OpikLocalClient } from "../client.ts";

/** Adds what models can read about the server itself. */
export function addResources(server: McpServer, client: OpikLocalClient): void {
  const mimeType = "application/json";
  server.registerResource(
    "openapi",
    "opik-local://openapi.json",
    {
      title: "OpenAPI document",
      description: "Every endpoint of the server: Opik's API, Strait's API and the server's own under /__local.",
      mimeType,
    },
    async (uri) => ({
      contents: [{ uri: uri.href, mimeType, text: (await client.call("GET", "/openapi.json")).text }],
    }),
  );
  server.registerResource(
    "state",
    "opik-local://state",
    {
      title: "State of the server",
      description: "Its version, clock, projects, runners and executor jobs, with counts of jobs and runs by status.",
      mimeType,
    },
    async (uri) => ({
      contents: [{ uri: uri.href, mimeType, text: (await client.call("GET", "/__local/state")).text }],
    }),
  );
}
