import * as v from "valibot";
import type { Route } from "../../http/route.ts";
import { pageOf } from "../wire/page.ts";
import type { DefineOpikRoute } from "../wire/route.ts";

const PRIVATE = "/v1/private";

const noKeys = pageOf(v.object({}));

/**
 * Lists that are always empty, because nothing can be added to them here: Opik's web application asks for them on each
 * of its pages, and would report an error for each 501 [opik 9.8].
 */
export function emptyListRoutes(route: DefineOpikRoute): Route[] {
  return [
    route({
      method: "GET",
      path: `${PRIVATE}/llm-provider-key`,
      id: "findLlmProviderKeys",
      tag: "LlmProviderKey",
      summary: "Find LLM providers' API keys: always none",
      responses: { 200: noKeys },
      handle: () => ({ status: 200, body: { page: 0, size: 0, total: 0, content: [], sortable_by: [] } }),
    }),
  ];
}
