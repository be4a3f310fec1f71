import type { H3Event } from "h3";
import type { Answer, Route } from "../http/route.ts";
import { PAGE_PATH } from "./page-files.ts";

/** Where `/` and the links lead that Opik's SDKs and command line print, by their path; `:id` is taken over. */
const LINKS: Readonly<Record<string, { id: string; to: string }>> = {
  "/": { id: "start", to: "/" },
  "/opik": { id: "opikStart", to: "/" },
  "/opik/:workspace": { id: "workspacePage", to: "/" },
  "/opik/:workspace/home": { id: "homePage", to: "/" },
  "/opik/:workspace/projects": { id: "projectsPage", to: "/" },
  "/opik/:workspace/projects/:id": { id: "projectPage", to: "/projects/:id" },
  "/opik/:workspace/projects/:id/agent-playground": { id: "playgroundPage", to: "/projects/:id" },
  "/opik/:workspace/projects/:id/agent-runner": { id: "agentRunnerPage", to: "/projects/:id" },
  "/opik/:workspace/projects/:id/traces": { id: "tracesPage", to: "/projects/:id/traces" },
  "/opik/:workspace/projects/:id/logs": { id: "logsPage", to: "/projects/:id/traces" },
};

/** Redirects to the page; the query (`?trace=`) is kept. */
export function linkRoutes(): Route[] {
  return Object.entries(LINKS).map(([path, { id, to }]) => ({
    method: "GET",
    path,
    operation: {
      ...{ id, tag: "Pages", summary: "Lead to the page", responses: { 303: undefined } },
      parameters: Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]) => ({
        ...{ name, in: "path" as const, required: true, schema: { type: "string" } },
      })),
    },
    handle: (event) => Promise.resolve(redirect(event, to)),
  }));
}

function redirect(event: H3Event, to: string): Answer {
  // As it was sent: h3 does not decode parameters.
  const id = event.context.params?.["id"] ?? "";
  return { status: 303, headers: { location: PAGE_PATH + to.replace(":id", id) + event.url.search } };
}
