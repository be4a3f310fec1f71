import { RawJson } from "../../core/json.ts";
import type { Route } from "../../http/route.ts";
import type { BridgeService } from "../../opik/runners/bridge/service.ts";
import { signBridge } from "../../opik/runners/bridge/signature.ts";
import type { PairingService } from "../../opik/runners/pairing/service.ts";
import { LocalError } from "../errors.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { bridgeRequest, bridgeResponse, commandList } from "./schema.ts";

export interface BridgeRoutesDependencies {
  bridge: Pick<BridgeService, "create" | "newest">;
  pairing: Pick<PairingService, "bridgeKey">;
}

/** How many commands a list has at most. */
const LISTED = 100;

/** Lists bridge commands, and submits signed ones, as the page of a project does. */
export function bridgeRoutes(route: DefineLocalRoute, { bridge, pairing }: BridgeRoutesDependencies): Route[] {
  return [
    route({
      method: "GET",
      path: "/bridge",
      id: "listCommands",
      summary: `The ${LISTED} newest bridge commands of a runner, newest first`,
      query: ["runner"],
      responses: { 200: commandList },
      handle: ({ query: { runner }, owner }) => {
        if (runner === undefined) throw new LocalError(400, "The query names no runner: /__local/bridge?runner=...");
        return { status: 200, body: { commands: bridge.newest(owner(), runner, LISTED) }, routine: true };
      },
    }),
    route({
      method: "POST",
      path: "/bridge",
      id: "createSignedCommand",
      summary: "Submit a bridge command, signed with the key of the runner's pairing, which this server keeps",
      body: bridgeRequest,
      responses: { 201: bridgeResponse, 404: localError, 409: localError, 429: localError },
      handle: ({ body: { runner, type, args, timeout_seconds }, owner }) => {
        const key = pairing.bridgeKey(owner(), runner);
        const signed = key === undefined ? args : { ...args, _hmac: signBridge(key, type, args) };
        const request = { type, args: RawJson.of(signed), timeout_seconds };
        const command_id = bridge.create(owner(), runner, request);
        return { status: 201, body: { command_id, signed: key !== undefined } };
      },
    }),
  ];
}
