import type { Route } from "../../http/route.ts";
import type { OpikContext } from "../context.ts";
import type { ProjectService } from "../projects/service.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import { createDatasets, type Datasets } from "./datasets/datasets.ts";

export interface LibraryDependencies {
  projects: ProjectService;
}

/** What clients keep besides traces: datasets. */
export interface Library {
  services: Datasets["services"];
  routes(route: DefineOpikRoute): Route[];
}

/** Puts the resources of the library together. */
export function createLibrary(context: OpikContext, { projects }: LibraryDependencies): Library {
  const datasets = createDatasets(context, { projects });
  return {
    services: { ...datasets.services },
    routes: (route) => [...datasets.routes(route)],
  };
}
