import type { Api } from "../http/route.ts";
import type { Tenancy } from "../opik/access/owner.ts";
import type { WorkerQueue } from "../strait/dispatch/worker-queue.ts";
import type { AdminContext } from "./context.ts";
import { toLocalAnswer } from "./errors.ts";
import type { Journal } from "./journal/journal.ts";
import { journalRoutes } from "./journal/routes.ts";
import { createLocalRouteDefiner, isLocalPath } from "./route.ts";
import { type LocalRoutesDependencies, localRoutes } from "./routes.ts";
import { LocalService, type LocalServiceDependencies } from "./service.ts";
import { whyRoutes } from "./why/routes.ts";
import { WhyService, type WhyServiceDependencies } from "./why/service.ts";
import { workerRoutes } from "./worker-routes.ts";

export interface AdminDependencies
  extends LocalServiceDependencies, WhyServiceDependencies, Omit<LocalRoutesDependencies, "local"> {
  services: LocalServiceDependencies["services"];
  executor: LocalServiceDependencies["executor"] & WhyServiceDependencies["executor"];
  tenancy: Tenancy;
  workers: WorkerQueue;
  journal: Journal;
}

/** The endpoints that are ours alone and that no real server has. */
export function createAdmin(context: AdminContext, dependencies: AdminDependencies): Api {
  const route = createLocalRouteDefiner(dependencies.tenancy, context.config.maxBodyBytes);
  const local = new LocalService(context, dependencies);
  return {
    prefixes: [""],
    routes: [
      ...localRoutes(route, context, { ...dependencies, local }),
      ...workerRoutes(route, dependencies.workers),
      ...whyRoutes(route, new WhyService(context, dependencies)),
      ...journalRoutes(route, dependencies.journal),
    ],
    owns: isLocalPath,
    toAnswer: toLocalAnswer,
  };
}
