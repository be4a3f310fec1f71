import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { optimizationRoutes } from "./routes.ts";
import { OptimizationService, type OptimizationServiceDependencies } from "./service.ts";

/** Optimizations, which are made of experiments. */
export interface Optimizations {
  services: { optimizations: OptimizationService };
  routes(route: DefineOpikRoute): Route[];
}

/** Creates service and routes of optimizations. */
export function createOptimizations(
  context: OpikContext,
  dependencies: OptimizationServiceDependencies,
): Optimizations {
  const optimizations = new OptimizationService(context, dependencies);
  return { services: { optimizations }, routes: (route) => optimizationRoutes(route, optimizations) };
}
