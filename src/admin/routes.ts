import { parseDuration } from "../core/durations.ts";
import type { FixtureService } from "../fixtures/service.ts";
import type { Route } from "../http/route.ts";
import type { AdminContext } from "./context.ts";
import { LocalError } from "./errors.ts";
import type { DefineLocalRoute } from "./route.ts";
import {
  advanceRequest,
  advanceResponse,
  exportResponse,
  loadRequest,
  loadResponse,
  localError,
  state,
} from "./schema.ts";
import type { LocalService } from "./service.ts";

export interface LocalRoutesDependencies {
  local: LocalService;
  fixtures: FixtureService;
  /** Deletes everything, sets clock and ids back, and loads the fixtures of the start again. */
  reset: () => void;
  /** Deletes everything in a workspace and loads the fixtures of the start again. */
  resetWorkspace: (workspace: string) => void;
}

/** State, fixtures, reset and clock. */
export function localRoutes(
  route: DefineLocalRoute,
  { config }: AdminContext,
  dependencies: LocalRoutesDependencies,
): Route[] {
  const { local, fixtures, reset, resetWorkspace } = dependencies;
  return [
    route({
      method: "GET",
      path: "/state",
      id: "getLocalState",
      summary: "What the server is and has",
      responses: { 200: state },
      handle: () => ({ status: 200, body: local.state(), routine: true }),
    }),
    route({
      method: "POST",
      path: "/fixtures",
      id: "loadFixtures",
      summary: "Load fixtures, all of them or none",
      body: loadRequest,
      responses: { 200: loadResponse, 422: localError },
      handle: async ({ body }) => ({ status: 200, body: await fixtures.loadInBackground(body.files) }),
    }),
    route({
      method: "GET",
      path: "/fixtures",
      id: "exportFixture",
      summary: "The server's state as a fixture",
      query: ["project"],
      responses: { 200: exportResponse, 422: localError },
      handle: ({ query }) => {
        const slices = fixtures.export(query["project"]);
        if (slices === undefined) throw new LocalError(422, `There is no project "${query["project"] ?? ""}"`);
        return { status: 200, slices };
      },
    }),
    route({
      method: "POST",
      path: "/reset",
      id: "reset",
      summary:
        "Delete everything, set clock and ids back, answer held polls, and load the fixtures of the start again. Where there " +
        "may be several workspaces, only the one that the header Comet-Workspace names (default: default) is emptied: not " +
        "executor runs, and clock and ids go on. With all=true everything is deleted there, too.",
      query: ["all"],
      responses: { 204: undefined, 404: localError, 422: localError },
      handle: ({ query, workspace }) => {
        const [first, ...others] = config.workspaces;
        const isOnlyOne = others.length === 0 && first !== "any";
        if (isOnlyOne || query["all"] === "true") reset();
        else resetWorkspace(workspace());
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/clock/advance",
      id: "advanceClock",
      summary: "Move the virtual clock and run what falls due",
      body: advanceRequest,
      responses: { 200: advanceResponse, 409: localError },
      handle: async ({ body }) => ({ status: 200, body: { now: await local.advance(parseDuration(body.by) ?? 0) } }),
    }),
  ];
}
