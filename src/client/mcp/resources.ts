import type { McpServer } from "@modelcontextprotocol/server";
import type { OpikLocalClient } from "../client.ts";

/** What models can read about the server itself: JSON of its endpoints. */
const RESOURCES = [
  {
    name: "openapi",
    uri: "opik-local://openapi.json",
    path: "/openapi.json",
    title: "OpenAPI document",
    description: "Every endpoint of the server: Opik's API, Strait's API and the server's own under /__local.",
  },
  {
    name: "state",
    uri: "opik-local://state",
    path: "/__local/state",
    title: "State of the server",
    description: "Its version, clock, projects, runners and executor jobs, with counts of jobs and runs by status.",
  },
] as const;

/** Adds the resources to a server of the Model Context Protocol. */
export function addResources(server: McpServer, client: OpikLocalClient): void {
  const mimeType = "application/json";
  for (const { name, uri, path, title, description } of RESOURCES) {
    server.registerResource(name, uri, { title, description, mimeType }, async () => ({
      contents: [{ uri, mimeType, text: (await client.call("GET", path)).text }],
    }));
  }
}
