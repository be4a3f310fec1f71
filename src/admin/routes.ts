import type * as v from "valibot";
import type { FixtureFile } from "../fixtures/load/source.ts";
import type { FixtureService } from "../fixtures/service.ts";
import { readBodyText } from "../http/body.ts";
import type { RequestEvent } from "../http/request-event.ts";
import type { Route } from "../http/route.ts";
import type { AdminContext } from "./context.ts";
import { LocalError } from "./errors.ts";
import type { Generations } from "./generations.ts";
import type { DefineLocalRoute } from "./route.ts";
import {
  exportResponse,
  loadRequest,
  loadResponse,
  localError,
  replaceResponse,
  state,
  stopResponse,
} from "./schema.ts";
import type { LocalService } from "./service.ts";
import { generation } from "./snapshots/schema.ts";

export interface LocalRoutesDependencies {
  local: LocalService;
  fixtures: FixtureService;
  /** Deletes everything, sets clock and ids back, and loads the fixtures of the start again. */
  reset: (options: { keepRunners: boolean }) => void;
  /** Deletes everything in a workspace and loads the fixtures of the start again. */
  resetWorkspace: (workspace: string) => void;
  /** Deletes everything and sets clock and ids back. */
  deleteAll: () => void;
  generations: Generations;
  /** @returns whether the server will stop; not when it is part of a program */
  requestStop: () => boolean;
}

/** State, fixtures, reset and stop. */
export function localRoutes(
  route: DefineLocalRoute,
  { config }: AdminContext,
  dependencies: LocalRoutesDependencies,
): Route[] {
  const { local, fixtures, reset, resetWorkspace, deleteAll, generations, requestStop } = dependencies;
  /** The files of a body, or the body itself as one: with its numbers as they are written. */
  const filesOf = async ({ files }: v.InferOutput<typeof loadRequest>, event: RequestEvent): Promise<FixtureFile[]> =>
    files ?? [{ name: "the body", text: await readBodyText(event, config.maxBodyBytes) }];
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
      summary: "Load fixtures, all of them or none, into the workspace of the request unless they name another one",
      body: loadRequest,
      responses: { 200: loadResponse, 404: localError, 422: localError },
      handle: async ({ body, workspace, event }) => ({
        status: 200,
        body: await fixtures.loadInBackground(await filesOf(body, event), workspace()),
      }),
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
        "Delete everything, set clock and ids back, answer open polls, and load the fixtures of the start again. Where there " +
        "may be several workspaces, only the one that the header Comet-Workspace names (default: default) is emptied: not " +
        "executor runs, and clock and ids go on. With all=true everything is deleted there, too. With all=true and keep=runners, " +
        "projects and runners with their agents stay, their polls stay open, and clock and ids go on. The answer has the number of the " +
        "generation that begins: a write with another one in its header X-Opik-Local-Generation is refused.",
      query: ["all", "keep"],
      responses: { 200: generation, 400: localError, 404: localError, 422: localError },
      handle: ({ query, workspace }) => {
        const { all = "false", keep } = query;
        if (all !== "true" && all !== "false")
          throw new LocalError(400, `all can only be true or false, but is ${all}`);
        if (keep !== undefined && keep !== "runners")
          throw new LocalError(400, `keep can only be runners, but is ${keep}`);
        const keepRunners = keep === "runners";
        const [first, ...others] = config.workspaces;
        const isOnlyOne = others.length === 0 && first !== "any";
        if (isOnlyOne || all === "true") reset({ keepRunners });
        else if (keepRunners)
          throw new LocalError(400, "keep=runners needs all=true: a workspace is emptied as a whole");
        else resetWorkspace(workspace());
        return { status: 200, body: { generation: generations.begin() } };
      },
    }),
    route({
      method: "PUT",
      path: "/state",
      id: "replaceState",
      summary: "Replace everything by a fixture, or nothing when it has mistakes; clock and ids are set back",
      body: loadRequest,
      responses: { 200: replaceResponse, 422: localError },
      handle: async ({ body, event }) => {
        const files = await filesOf(body, event);
        fixtures.check(files);
        deleteAll();
        const loaded = fixtures.load(files);
        return { status: 200, body: { loaded, generation: generations.begin() } };
      },
    }),
    route({
      method: "DELETE",
      path: "/state",
      id: "deleteState",
      summary: "Delete everything in all workspaces, without loading fixtures; clock and ids are set back",
      responses: { 200: generation },
      handle: () => {
        deleteAll();
        return { status: 200, body: { generation: generations.begin() } };
      },
    }),
    route({
      method: "POST",
      path: "/stop",
      id: "stopServer",
      summary: "Stop the server, if it is a process of its own",
      responses: { 202: stopResponse, 409: localError },
      handle: () => {
        if (!requestStop()) throw new LocalError(409, "This server is part of a program, which alone can stop it");
        return { status: 202, body: { pid: process.pid } };
      },
    }),
  ];
}
