import { type Answer, type Api, RequestRefused } from "../http/route.ts";
import { linkRoutes, webAppLinkRoutes } from "./links.ts";
import { pageRoutes } from "./page-files.ts";
import { pairPageRoutes } from "./pair-page.ts";
import { createWebApp } from "./web-app.ts";

/**
 * The pages for people.
 * @param webApp the folder of another web application, which then is at `/`
 * @throws ConfigurationError when that folder has no application
 */
export function createUi({ webApp }: { webApp: string | undefined }): Api {
  const links = webApp === undefined ? linkRoutes() : webAppLinkRoutes();
  const routes = [...pairPageRoutes(), ...pageRoutes(), ...links];
  const api: Api = { prefixes: [""], routes, owns: () => false, toAnswer };
  return webApp === undefined ? api : { ...api, rest: createWebApp(webApp) };
}

function toAnswer(error: unknown): Answer {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  if (error instanceof RequestRefused) {
    return { status: error.status, text: error.message, headers: { ...error.headers, ...headers } };
  }
  return { status: 500, text: "Something went wrong. The server's console says more.", headers };
}
