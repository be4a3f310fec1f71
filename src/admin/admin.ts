import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import type { OpenPolls } from "../core/open-polls.ts";
import type { FixtureTargets } from "../fixtures/load/loader.ts";
import type { FixtureService } from "../fixtures/service.ts";
import type { Api } from "../http/route.ts";
import type { Tenancy } from "../opik/access/owner.ts";
import type { WorkerQueue } from "../strait/dispatch/worker-queue.ts";
import { toLocalAnswer } from "./errors.ts";
import { createLocalRouteDefiner, LOCAL } from "./route.ts";
import { localRoutes } from "./routes.ts";
import { LocalService, type LocalServiceOptions } from "./service.ts";
import { workerRoutes } from "./worker-routes.ts";

export interface AdminOptions {
  config: Config;
  clock: Clock;
  openPolls: OpenPolls;
  tenancy: Tenancy;
  services: FixtureTargets;
  executor: LocalServiceOptions["executor"];
  fixtures: FixtureService;
  workers: WorkerQueue;
  /** Where the server listens; `undefined` when it does not. */
  url: () => string | undefined;
  /** Deletes everything, sets clock and ids back, and loads the fixtures of the start again. */
  reset: () => void;
  /** Deletes everything in a workspace and loads the fixtures of the start again. */
  resetWorkspace: (workspace: string) => void;
}

/** The endpoints that are ours alone and that no real server has. */
export function createAdmin(options: AdminOptions): Api {
  const route = createLocalRouteDefiner(options.tenancy, options.config.maxBodyBytes);
  return {
    prefixes: [""],
    routes: [
      ...localRoutes(route, { ...options, local: new LocalService(options) }),
      ...workerRoutes(route, options.workers),
    ],
    owns: (pathname) => pathname === LOCAL || pathname.startsWith(`${LOCAL}/`),
    toAnswer: toLocalAnswer,
  };
}
