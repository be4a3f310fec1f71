import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import { sseToken } from "./schema.ts";
import type { SseTokenService } from "./service.ts";

/** Get a token for the address of a stream. */
export function sseTokenRoutes(route: DefineRunsRoute<Caller>, sseTokens: SseTokenService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/sse-token",
      id: "createSseToken",
      tag: "Executor streams",
      summary: "Get a token with which a browser can follow a wait, as ?token= in the address",
      scope: "runs:read",
      responses: { 201: sseToken },
      handle: async ({ caller }) => ({ status: 201, body: await sseTokens.mint(caller) }),
    }),
  ];
}
