import type { Route } from "../../http/route.ts";
import type { Generations } from "../generations.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { generation, snapshot, snapshotList } from "./schema.ts";
import type { SnapshotService } from "./service.ts";

/** Keep states of the server, and restore them. */
export function snapshotRoutes(
  route: DefineLocalRoute,
  { snapshots, generations }: { snapshots: SnapshotService; generations: Generations },
): Route[] {
  return [
    route({
      method: "GET",
      path: "/snapshots",
      id: "listSnapshots",
      summary: "The states that are kept",
      responses: { 200: snapshotList },
      handle: () => ({ status: 200, body: { snapshots: snapshots.list() } }),
    }),
    route({
      method: "PUT",
      path: "/snapshots/:name",
      pathNames: ["name"],
      id: "takeSnapshot",
      summary: "Keep the state of the server under a name, in memory",
      responses: { 200: snapshot, 409: localError },
      handle: ({ path }) => ({ status: 200, body: snapshots.take(path("name")) }),
    }),
    route({
      method: "POST",
      path: "/snapshots/:name/restore",
      pathNames: ["name"],
      id: "restoreSnapshot",
      summary:
        "Restore a state: everything else is deleted, open polls are answered, and a virtual clock is set to the time of " +
        "the snapshot. Ids go on, so that none is given twice.",
      responses: { 200: generation, 422: localError },
      handle: ({ path }) => {
        snapshots.restore(path("name"));
        return { status: 200, body: { generation: generations.begin() } };
      },
    }),
    route({
      method: "DELETE",
      path: "/snapshots/:name",
      pathNames: ["name"],
      id: "deleteSnapshot",
      summary: "Delete a kept state",
      responses: { 204: undefined, 422: localError },
      handle: ({ path }) => {
        snapshots.delete(path("name"));
        return { status: 204 };
      },
    }),
  ];
}
