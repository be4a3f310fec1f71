import { METHODS, type Route } from "../../src/http/route.ts";
import type { Caller } from "./call.ts";

/** The routes of a server, as its OpenAPI document has them. */
export async function servedRoutes(call: Caller): Promise<Array<Pick<Route, "method" | "path">>> {
  const { paths } = (await call("GET", "/openapi.json")).json as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => method.toLowerCase() in operations).map((method) => ({
      method,
      path: path.replaceAll(/\{(\w+)\}/g, ":$1"),
    })),
  );
}
