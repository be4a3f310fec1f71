import { lazily } from "../core/lazily.ts";
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
  const routes = lazily(() => [
    ...pairPageRoutes(),
    ...pageRoutes(),
    ...(webApp === undefined ? linkRoutes() : webAppLinkRoutes()),
  ]);
  return {
    prefixes: [""],
    get routes() {
      return routes();
    },
    owns: () => false,
    toAnswer,
    ...(webApp === undefined ? {} : { rest: createWebApp(webApp) }),
  };
}

function toAnswer(error: unknown): Answer {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  if (error instanceof RequestRefused) {
    return { status: error.status, text: error.message, headers: { ...error.headers, ...headers } };
  }
  return { status: 500, text: "Something went wrong. The server's console says more.", headers };
}
