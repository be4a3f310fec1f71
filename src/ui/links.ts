import type { RequestEvent } from "../http/request-event.ts";
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

/** Pages of Opik's web application that the page has nothing for: they lead to the project. */
const OTHER_AREAS = [
  ...["agent-playground", "agent-runner", "alerts", "annotation-queues", "dashboards", "diagnostics"],
  ...["diagnostics/resolved", "home", "ollie", "online-evaluation", "playground"],
];

/** The links below a workspace. Newer SDKs (2.2) and `opik-mcp` print them without `/opik`. */
const WORKSPACE_LINKS: Readonly<Record<string, Link>> = {
  "/projects/:id": { id: "projectPage", to: "/projects/:id" },
  // `get_project_url` of the SDKs: the name is in the query.
  "/redirect/projects": { id: "namedProjectPage", to: "/projects" },
  ...Object.fromEntries(
    OTHER_AREAS.map((area) => [`/projects/:id/${area}`, { id: `${idOf(area)}Page`, to: "/projects/:id" }]),
  ),
  "/projects/:id/traces": { id: "tracesPage", to: "/projects/:id/traces" },
  "/projects/:id/logs": { id: "logsPage", to: pageOfLogs },
  "/projects/:id/threads": { id: "threadsPage", to: "/projects/:id/traces?view=threads" },
  "/projects/:id/agent-configuration": { id: "configurationPage", to: "/projects/:id/configuration" },
  "/projects/:id/prompts": { id: "promptsPage", to: "/library?list=prompts" },
  "/projects/:id/prompts/:item": { id: "promptPage", to: "/prompts/:item" },
  "/projects/:id/datasets": { id: "datasetsPage", to: "/library?list=datasets" },
  "/projects/:id/datasets/:item": { id: "datasetPage", to: "/datasets/:item" },
  "/projects/:id/datasets/:item/items": { id: "itemsPage", to: "/datasets/:item" },
  "/projects/:id/test-suites": { id: "suitesPage", to: "/library?list=datasets" },
  "/projects/:id/test-suites/:item": { id: "suitePage", to: "/datasets/:item" },
  "/projects/:id/test-suites/:item/items": { id: "suiteItemsPage", to: "/datasets/:item" },
  "/projects/:id/experiments": { id: "experimentsPage", to: "/library?list=experiments" },
  "/projects/:id/experiments/:item/compare": { id: "projectComparisonPage", to: pageOfExperiments },
  "/projects/:id/optimizations": { id: "optimizationsPage", to: "/library?list=optimizations" },
  "/projects/:id/optimizations/:item": { id: "optimizationPage", to: "/optimizations/:item" },
  "/experiments/:id/compare": { id: "comparisonPage", to: pageOfExperiments },
};

/** Where `/` and the links lead that Opik's SDKs and command line print, by their path; its parameters are taken over. */
const LINKS: Readonly<Record<string, Link>> = {
  "/": { id: "start", to: "/" },
  // The value of OPIK_URL_OVERRIDE, which `dev` and the SDKs print.
  "/api": { id: "apiStart", to: "/" },
  "/opik": { id: "opikStart", to: "/" },
  "/opik/:workspace": { id: "workspacePage", to: "/" },
  "/opik/:workspace/home": { id: "workspaceHomePage", to: "/" },
  "/opik/:workspace/projects": { id: "projectsPage", to: "/" },
  "/opik/:workspace/prompts": { id: "allPromptsPage", to: "/library?list=prompts" },
  "/opik/:workspace/datasets": { id: "allDatasetsPage", to: "/library?list=datasets" },
  "/opik/:workspace/experiments": { id: "allExperimentsPage", to: "/library?list=experiments" },
  ...Object.fromEntries(
    Object.entries(WORKSPACE_LINKS).flatMap(([path, { id, to }]) => [
      [`/opik/:workspace${path}`, { id, to }],
      [`/:workspace${path}`, { id: `${id}Link`, to }],
    ]),
  ),
};

let routes: readonly Route[] | undefined;

/** `online-evaluation` as `onlineEvaluation` */
function idOf(area: string): string {
  return area.replaceAll(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The page of traces or threads (`logsType`), or of one thread (`thread`); `trace` stays in the query. */
function pageOfLogs(query: URLSearchParams): string {
  const [thread, type] = [query.get("thread"), query.get("logsType")];
  for (const name of ["thread", "logsType"]) query.delete(name);
  if (thread !== null && thread !== "") return `/projects/:id/threads/${encodeURIComponent(thread)}`;
  return `/projects/:id/traces${type === "threads" ? "?view=threads" : ""}`;
}

/** The page of the first of `experiments`, a list of ids as JSON, beside the second. */
function pageOfExperiments(query: URLSearchParams): string {
  const ids = (query.get("experiments") ?? "").match(/[\w-]+/g) ?? [];
  query.delete("experiments");
  const [first, second] = ids;
  if (first === undefined) return "/library?list=experiments";
  return `/experiments/${first}${second === undefined ? "" : `?with=${second}`}`;
}

/** Redirects to the page; the query (`?trace=`) is kept, and the workspace added unless it is the default. They are the same in every server. */
export function linkRoutes(): readonly Route[] {
  return (routes ??= Object.entries(LINKS).map(([path, { id, to }]) => ({
    method: "GET",
    path,
    operation: {
      ...{ id, tag: "Pages", summary: "Lead to the page", responses: { 303: undefined } },
      parameters: Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]) => ({
        ...{ name, in: "path" as const, required: true, schema: { type: "string" } },
      })),
    },
    handle: async (event) => redirect(event, to),
  })));
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

function redirect(event: RequestEvent, to: Link["to"]): Answer {
  // As they were sent: h3 does not decode parameters.
  const parameters = event.context.params ?? {};
  if (API_BASES.has(parameters["workspace"])) throw new RequestRefused(404, "HTTP 404 Not Found");
  const asked = new URLSearchParams(event.url.search);
  const target = typeof to === "string" ? to : to(asked);
  const [path = "", own = ""] = target
    .replaceAll(/\/:(\w+)/g, (_, name: string) => `/${parameters[name] ?? ""}`)
    .split("?");
  const { workspace = "default" } = parameters;
  const query = [
    own,
    typeof to === "string" ? event.url.search.slice(1) : String(asked),
    workspace === "default" ? "" : `workspace=${workspace}`,
  ]
    .filter(Boolean)
    .join("&");
  return { status: 303, headers: { location: PAGE_PATH + path + (query === "" ? "" : `?${query}`) } };
}
