import type { Route } from "../../http/route.ts";
import type { AdminContext } from "../context.ts";
import type { DefineLocalRoute } from "../route.ts";
import { listSettings, type SettingSources } from "./list.ts";
import { settingList } from "./schema.ts";

/** The settings of the server. */
export function settingRoutes(route: DefineLocalRoute, { config }: AdminContext, sources: SettingSources): Route[] {
  return [
    route({
      method: "GET",
      path: "/settings",
      id: "getSettings",
      summary: "Every setting, its value and where that came from; secrets are hidden",
      responses: { 200: settingList },
      handle: () => ({ status: 200, body: { settings: listSettings(config, sources) }, routine: true }),
    }),
  ];
}
