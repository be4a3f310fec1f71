import type { Route } from "../../../http/route.ts";
import { pathUuid, queryAnyInteger, queryBoolean } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { LOCAL_RUNNERS } from "../routes.ts";
import {
  bridgeCommand,
  createCommandRequest,
  createCommandResponse,
  nextCommandsRequest,
  nextCommandsResponse,
  reportCommandRequest,
} from "./schema.ts";
import type { BridgeService } from "./service.ts";

const tag = "Runners";
const COMMANDS = `${LOCAL_RUNNERS}/:runnerId/bridge/commands`;

/** Submit, poll, read and report bridge commands. */
export function bridgeRoutes(route: DefineOpikRoute, bridge: BridgeService): Route[] {
  return [
    route({
      method: "POST",
      path: COMMANDS,
      id: "createBridgeCommand",
      tag,
      summary: "Submit bridge command",
      pathParameters: { runnerId: pathUuid },
      body: createCommandRequest,
      responses: { 201: createCommandResponse },
      handle: ({ owner, path, body, origin }) => {
        const id = bridge.create(owner, path.runnerId, body);
        const location = `${origin}${LOCAL_RUNNERS}/${path.runnerId}/bridge/commands/${id}`;
        return { status: 201, headers: { location }, body: { command_id: id } };
      },
    }),
    route({
      method: "POST",
      path: `${COMMANDS}/next`,
      id: "nextBridgeCommands",
      tag,
      summary: "Poll next bridge commands (long poll)",
      pathParameters: { runnerId: pathUuid },
      body: nextCommandsRequest,
      bodyIsOptional: true,
      longPoll: true,
      responses: { 200: nextCommandsResponse },
      handle: async ({ owner, path, body, signal }) => {
        const commands = await bridge.next(owner, path.runnerId, body?.max_commands, signal);
        if (commands === undefined) return { status: 503, closeConnection: true, routine: true };
        if (commands.length === 0) return { status: 200, body: { commands }, routine: true };
        const ids = commands.map((command) => command.command_id);
        return {
          status: 200,
          body: { commands },
          onDelivered: () => bridge.acknowledge(ids),
          onUndelivered: () => bridge.takeBack(ids),
        };
      },
    }),
    route({
      method: "GET",
      path: `${COMMANDS}/:commandId`,
      id: "getBridgeCommand",
      tag,
      summary: "Get bridge command",
      pathParameters: { runnerId: pathUuid, commandId: pathUuid },
      query: { wait: queryBoolean, timeout: queryAnyInteger(30) },
      longPoll: true,
      responses: { 200: bridgeCommand },
      handle: async ({ owner, path, query, signal }) => ({
        status: 200,
        body: query.wait
          ? await bridge.getWhenEnded(owner, path.runnerId, path.commandId, query.timeout, signal)
          : bridge.get(owner, path.runnerId, path.commandId),
      }),
    }),
    route({
      method: "POST",
      path: `${COMMANDS}/:commandId/results`,
      id: "reportBridgeResult",
      tag,
      summary: "Report bridge command result",
      pathParameters: { runnerId: pathUuid, commandId: pathUuid },
      body: reportCommandRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        bridge.report(owner, path.runnerId, path.commandId, body);
        return { status: 204 };
      },
    }),
  ];
}
