import { METHODS, type Method, type Route } from "../../http/route.ts";
import published from "./operations.json" with { type: "json" };

/** An operation of Opik's published OpenAPI document. */
export interface PublishedOperation {
  method: Method;
  /** In h3's notation: `/v1/private/projects/:id`. */
  path: string;
  id: string;
  /** Its tag: `Annotation Queues`. */
  tag: string;
}

/**
 * The operations that Opik publishes, by tag: July 2026, and what the SDK for Python 2.2.122 calls. `operations.json` has one in a line: method, path and operation
 * id.
 */
export const PUBLISHED: readonly PublishedOperation[] = Object.entries(published).flatMap(([tag, operations]) =>
  operations.map((operation) => {
    const [word = "", path = "", id = ""] = operation.split(" ");
    const method = METHODS.find((name) => name === word);
    if (method === undefined) throw new Error(`${operation} has no method`);
    return { method, path: path.replaceAll(/\{(\w+)\}/g, ":$1"), id, tag };
  }),
);

/** The patterns of paths; every server of a process asks for the same ones. */
const patterns = new Map<string, string>();

/** What paths have in common that differ in the names of their parameters alone. */
export function patternOf(path: string): string {
  let pattern = patterns.get(path);
  if (pattern === undefined) {
    pattern = path.replaceAll(/:\w+/g, ":");
    patterns.set(path, pattern);
  }
  return pattern;
}

/** The published operations that no route serves. */
export function notServed(routes: ReadonlyArray<Pick<Route, "method" | "path">>): PublishedOperation[] {
  const served = new Set(routes.map(({ method, path }) => `${method} ${patternOf(path)}`));
  return PUBLISHED.filter(({ method, path }) => !served.has(`${method} ${patternOf(path)}`));
}
