import type { Route } from "../../../http/route.ts";
import type { OpikContext } from "../../context.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { promptRoutes } from "./routes.ts";
import { PromptService } from "./service.ts";
import { promptVersionRoutes } from "./version-routes.ts";
import { PromptVersionService, type VersionServiceDependencies } from "./version-service.ts";

/** Prompts and their versions. */
export interface Prompts {
  services: { prompts: PromptService; promptVersions: PromptVersionService };
  routes(route: DefineOpikRoute): Route[];
}

/** Creates services and routes of prompts. */
export function createPrompts(context: OpikContext, dependencies: VersionServiceDependencies): Prompts {
  const promptVersions = new PromptVersionService(context, dependencies);
  const prompts = new PromptService(context, { ...dependencies, versions: promptVersions });
  const services = { prompts, versions: promptVersions };
  return {
    services: { prompts, promptVersions },
    routes: (route) => [...promptRoutes(route, services), ...promptVersionRoutes(route, services)],
  };
}
