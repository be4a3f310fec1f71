import type { Route } from "../../http/route.ts";
import type { PairingService } from "../../opik/runners/pairing/service.ts";
import { LocalError } from "../errors.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { approveRequest, approveResponse, waitingRunners } from "./schema.ts";

/** How many runners a list has at most. */
const LISTED = 100;

/** Pairs runners without the link that they print. */
export function pairingRoutes(
  route: DefineLocalRoute,
  pairing: Pick<PairingService, "waiting" | "activateUnproven">,
): Route[] {
  return [
    route({
      method: "GET",
      path: "/pairings",
      id: "listWaitingRunners",
      summary: "The runners of all workspaces that wait to be paired, those first that do not wait for much longer",
      responses: { 200: waitingRunners },
      handle: () => ({ status: 200, body: { runners: pairing.waiting(LISTED) }, routine: true }),
    }),
    route({
      method: "POST",
      path: "/pairings",
      id: "approvePairing",
      summary: "Pair a runner that waits for it, without the key of its link",
      body: approveRequest,
      responses: { 201: approveResponse, 404: localError },
      handle: ({ body: { runner, name }, workspace }) => {
        if (!pairing.activateUnproven(workspace(), runner, name))
          throw new LocalError(404, `No runner ${runner} waits to be paired in the workspace ${workspace()}`);
        return { status: 201, body: { runner_id: runner, name } };
      },
    }),
  ];
}
