import { type Answer, type Api, RequestRefused } from "../http/route.ts";
import { linkRoutes } from "./links.ts";
import { pageRoutes } from "./page-files.ts";
import { pairPageRoutes } from "./pair-page.ts";

/** The pages for people. */
export function createUi(): Api {
  const routes = [...pairPageRoutes(), ...pageRoutes(), ...linkRoutes()];
  return { prefixes: [""], routes, owns: () => false, toAnswer };
}

function toAnswer(error: unknown): Answer {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  if (error instanceof RequestRefused) {
    return { status: error.status, text: error.message, headers: { ...error.headers, ...headers } };
  }
  return { status: 500, text: "Something went wrong. The server's console says more.", headers };
}
