import type { Route } from "../../http/route.ts";
import { LocalError } from "../errors.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import type { Faults } from "./faults.ts";
import { PRESET_DESCRIPTIONS } from "./presets.ts";
import { type Fault, faultList, faultRequest } from "./schema.ts";

/** Faults: failures that the server injects. */
export function faultRoutes(route: DefineLocalRoute, faults: Faults): Route[] {
  const toList = (list: Fault[]): { faults: Fault[]; presets: Readonly<Record<string, string>> } => ({
    faults: list,
    presets: PRESET_DESCRIPTIONS,
  });
  return [
    route({
      method: "GET",
      path: "/faults",
      id: "listFaults",
      summary: "The faults in use, in the order in which they are applied, and the presets",
      responses: { 200: faultList },
      handle: () => ({ status: 200, body: toList(faults.list()), routine: true }),
    }),
    route({
      method: "POST",
      path: "/faults",
      id: "addFault",
      summary:
        "Add a fault, or those of a preset: which requests, when, and what happens. Requests to /__local are never hit.",
      body: faultRequest,
      responses: { 201: faultList },
      handle: ({ body }) => {
        const message = faults.mistakeInOperation(body);
        if (message !== undefined) {
          throw new LocalError(400, "The body does not have the expected form", [{ path: "operation", message }]);
        }
        return { status: 201, body: toList(faults.addChecked(body)) };
      },
    }),
    route({
      method: "DELETE",
      path: "/faults",
      id: "removeFaults",
      summary: "Remove all faults, or the one with the id; without one, requests that are held back go on",
      query: ["id"],
      responses: { 204: undefined, 404: localError },
      handle: ({ query: { id } }) => {
        if (id === undefined) faults.clear();
        else if (!faults.remove(id)) throw new LocalError(404, `There is no fault "${id}"`);
        return { status: 204 };
      },
    }),
  ];
}
