import type { Route } from "../../http/route.ts";
import { OpikError } from "../wire/errors.ts";
import { notServed, patternOf } from "./operations.ts";

/** The last result: the servers of one process have the same routes. */
let last: { key: string; routes: readonly Route[] } | undefined;

/**
 * Routes of published operations that this server does not have: they answer 501 with the name of the feature, unlike a
 * path that Opik does not have either.
 * @param served the routes that there are
 */
export function declinedRoutes(served: readonly Route[]): readonly Route[] {
  const key = served.map(({ method, path }) => `${method} ${path}`).join();
  if (last?.key !== key) last = { key, routes: findDeclined(served) };
  return last.routes;
}

function findDeclined(served: readonly Route[]): Route[] {
  // Paths that differ in the names of parameters alone would be two to the router, which finds only one of them.
  const paths = new Map(served.map(({ path }) => [patternOf(path), path]));
  return notServed(served).map(({ method, path, id, tag }) => ({
    method,
    path: paths.get(patternOf(path)) ?? path,
    operation: { id, tag, summary: "Not served", responses: { 501: undefined } },
    isDeclined: true,
    handle: async () => {
      throw OpikError.message(501, `opik-local does not serve this part of Opik: ${tag} (${id})`);
    },
  }));
}
