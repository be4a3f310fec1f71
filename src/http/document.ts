import * as v from "valibot";
import type { Api, Route } from "./route.ts";

/**
 * Serves the OpenAPI document of all routes at `GET /openapi.json`. What writes it is loaded with the first
 * request: most servers are never asked.
 */
export function createDocumentApi(version: string, apis: readonly [Api, ...Api[]]): Api {
  const route: Route = {
    method: "GET",
    path: "/openapi.json",
    operation: {
      id: "getOpenApiDocument",
      tag: "System",
      summary: "This document",
      responses: { 200: v.looseObject({ openapi: v.string() }) },
    },
    handle: async () => {
      const { toOpenApi } = await import("./openapi.ts");
      const info = {
        title: "opik-local",
        version,
        description: "Opik's local runners and executor runs, on a laptop.",
      };
      return { status: 200, body: toOpenApi(info, [...apis, { routes: [route] }]) };
    },
  };
  return { prefixes: [""], routes: [route], owns: () => false, toAnswer: apis[0].toAnswer };
}
