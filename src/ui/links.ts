import type { H3Event } from "h3";
import { type Answer, RequestRefused, type Route } from "../http/route.ts";
import { PAGE_PATH } from "./page-files.ts";

/** A link to the page. */
interface Link {
  id: string;
  /** The path of the page, with the parameters of the link, or what makes it from the link's query. */
  to: string | ((query: URLSearchParams) => string);
}

/** Beginnings of the paths of APIs, which are no workspaces. */
const API_BASES: ReadonlySet<string | undefined> = new Set(["api", "private", "v1"]);

/** The links of projects, which newer SDKs (2.2) print without `/opik`. */
const PROJECT_LINKS: Readonly<Record<string, Link>> = {
  "/:workspace/projects/:id": { id: "projectPage", to: "/projects/:id" },
  "/:workspace/projects/:id/agent-playground": { id: "playgroundPage", to: "/projects/:id" },
  "/:workspace/projects/:id/datasets/:item/items": { id: "itemsPage", to: "/datasets/:item" },
  "/:workspace/projects/:id/test-suites/:item/items": { id: "suitePage", to: "/datasets/:item" },
  "/:workspace/experiments/:id/compare": { id: "comparisonPage", to: pageOfExperiments },
};

/** Where `/` and the links lead that Opik's SDKs and command line print, by their path; its parameters are taken over. */
const LINKS: Readonly<Record<string, Link>> = {
  "/": { id: "start", to: "/" },
  "/opik": { id: "opikStart", to: "/" },
  "/opik/:workspace": { id: "workspacePage", to: "/" },
  "/opik/:workspace/home": { id: "homePage", to: "/" },
  "/opik/:workspace/projects": { id: "projectsPage", to: "/" },
  "/opik/:workspace/projects/:id/agent-runner": { id: "agentRunnerPage", to: "/projects/:id" },
  "/opik/:workspace/projects/:id/traces": { id: "tracesPage", to: "/projects/:id/traces" },
  "/opik/:workspace/projects/:id/logs": { id: "logsPage", to: "/projects/:id/traces" },
  "/opik/:workspace/projects/:id/threads": { id: "threadsPage", to: "/projects/:id/traces?view=threads" },
  "/opik/:workspace/projects/:id/agent-configuration": { id: "configurationPage", to: "/projects/:id/configuration" },
  "/opik/:workspace/projects/:id/prompts": { id: "promptsPage", to: "/library?list=prompts" },
  "/opik/:workspace/projects/:id/prompts/:item": { id: "promptPage", to: "/prompts/:item" },
  "/opik/:workspace/projects/:id/datasets": { id: "datasetsPage", to: "/library?list=datasets" },
  "/opik/:workspace/projects/:id/datasets/:item": { id: "datasetPage", to: "/datasets/:item" },
  "/opik/:workspace/projects/:id/experiments": { id: "experimentsPage", to: "/library?list=experiments" },
  "/opik/:workspace/projects/:id/optimizations": { id: "optimizationsPage", to: "/library?list=optimizations" },
  "/opik/:workspace/prompts": { id: "allPromptsPage", to: "/library?list=prompts" },
  "/opik/:workspace/datasets": { id: "allDatasetsPage", to: "/library?list=datasets" },
  "/opik/:workspace/experiments": { id: "allExperimentsPage", to: "/library?list=experiments" },
  ...Object.fromEntries(Object.entries(PROJECT_LINKS).map(([path, link]) => [`/opik${path}`, link])),
  ...Object.fromEntries(Object.entries(PROJECT_LINKS).map(([path, { id, to }]) => [path, { id: `${id}Link`, to }])),
};

/** The page of the first of `experiments`, a list of ids as JSON, beside the second. */
function pageOfExperiments(query: URLSearchParams): string {
  const ids = (query.get("experiments") ?? "").match(/[\w-]+/g) ?? [];
  query.delete("experiments");
  const [first, second] = ids;
  if (first === undefined) return "/library?list=experiments";
  return `/experiments/${first}${second === undefined ? "" : `?with=${second}`}`;
}

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
    handle: async (event) => redirect(event, to),
  }));
}

/** Where `/opik/...` leads when another web application is served: it has the same paths without the prefix. */
export function webAppLinkRoutes(): Route[] {
  return [
    {
      method: "GET",
      path: "/opik/**",
      operation: {
        id: "webAppLink",
        tag: "Pages",
        summary: "Lead to the web application",
        responses: { 303: undefined },
      },
      handle: ({ url }) => {
        const path = url.pathname.slice("/opik".length).replace(/^\/+/, "/");
        return Promise.resolve({ status: 303, headers: { location: (path || "/") + url.search } });
      },
    },
  ];
}

function redirect(event: H3Event, to: Link["to"]): Answer {
  // As they were sent: h3 does not decode parameters.
  const parameters = event.context.params ?? {};
  if (API_BASES.has(parameters["workspace"])) throw new RequestRefused(404, "HTTP 404 Not Found");
  const asked = new URLSearchParams(event.url.search);
  const target = typeof to === "string" ? to : to(asked);
  const [path = "", own = ""] = target.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? "").split("?");
  const query = [own, typeof to === "string" ? event.url.search.slice(1) : String(asked)].filter(Boolean).join("&");
  return { status: 303, headers: { location: PAGE_PATH + path + (query === "" ? "" : `?${query}`) } };
}
