import type { Route } from "../../../http/route.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { LOCAL_RUNNERS } from "../routes.ts";
import { activateRequest, createSessionRequest, createSessionResponse } from "./schema.ts";
import type { PairingService } from "./service.ts";

const tag = "Pairing";
const SESSIONS = "/v1/private/pairing/sessions";

/** Open and activate pairing sessions. */
export function pairingRoutes(route: DefineOpikRoute, pairing: PairingService): Route[] {
  return [
    route({
      method: "POST",
      path: SESSIONS,
      id: "createPairingSession",
      tag,
      summary: "Create a pairing session",
      body: createSessionRequest,
      responses: { 201: createSessionResponse },
      handle: ({ owner, body }) => ({ status: 201, body: pairing.create(owner, body) }),
    }),
    route({
      method: "POST",
      path: `${SESSIONS}/:sessionId/activate`,
      id: "activatePairingSession",
      tag,
      summary: "Activate a pairing session",
      pathParameters: { sessionId: pathUuid },
      body: activateRequest,
      responses: { 201: undefined },
      handle: ({ owner, path, body, origin }) => {
        const runnerId = pairing.activate(owner, path.sessionId, body);
        return { status: 201, headers: { location: `${origin}${LOCAL_RUNNERS}/${runnerId}` } };
      },
    }),
  ];
}
