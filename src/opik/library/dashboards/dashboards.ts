import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { dashboardRoutes } from "./routes.ts";
import { DashboardService, type DashboardServiceDependencies } from "./service.ts";

/** Creates service and routes of dashboards. */
export function createDashboards(
  context: OpikContext,
  dependencies: DashboardServiceDependencies,
): { routes(route: DefineOpikRoute): Route[] } {
  const dashboards = new DashboardService(context, dependencies);
  return { routes: (route) => dashboardRoutes(route, dashboards) };
}
