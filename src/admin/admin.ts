import type { Background } from "../core/background.ts";
import { lazily } from "../core/lazily.ts";
import type { Interceptor } from "../http/interceptor.ts";
import type { Api } from "../http/route.ts";
import type { Tenancy } from "../opik/access/owner.ts";
import type { PairingService } from "../opik/runners/pairing/service.ts";
import type { WorkerQueue } from "../strait/dispatch/worker-queue.ts";
import { type ActivityRoutesDependencies, activityRoutes } from "./activity/routes.ts";
import { ActivityService } from "./activity/service.ts";
import { type BridgeRoutesDependencies, bridgeRoutes } from "./bridge/routes.ts";
import { clockRoutes } from "./clock/routes.ts";
import { ClockService } from "./clock/service.ts";
import type { AdminContext } from "./context.ts";
import { toLocalAnswer } from "./errors.ts";
import type { EventFeed } from "./events/feed.ts";
import { eventRoutes } from "./events/routes.ts";
import type { Faults } from "./faults/faults.ts";
import { faultRoutes } from "./faults/routes.ts";
import { Generations } from "./generations.ts";
import type { Journal } from "./journal/journal.ts";
import { journalRoutes } from "./journal/routes.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { metricsRoutes } from "./metrics/routes.ts";
import { pairingRoutes } from "./pairings/routes.ts";
import { createLocalRouteDefiner, isLocalPath } from "./route.ts";
import { type LocalRoutesDependencies, localRoutes } from "./routes.ts";
import { LocalService, type LocalServiceDependencies } from "./service.ts";
import type { SettingSources } from "./settings/list.ts";
import { settingRoutes } from "./settings/routes.ts";
import { snapshotRoutes } from "./snapshots/routes.ts";
import { SnapshotService, type SnapshotServiceDependencies } from "./snapshots/service.ts";
import { waitRoutes, type WaitRoutesDependencies } from "./wait/routes.ts";
import { WaitService } from "./wait/service.ts";
import { whyRoutes } from "./why/routes.ts";
import { WhyService, type WhyServiceDependencies } from "./why/service.ts";
import { workerRoutes } from "./worker-routes.ts";

export interface AdminDependencies
  extends
    LocalServiceDependencies,
    WhyServiceDependencies,
    SnapshotServiceDependencies,
    Omit<LocalRoutesDependencies, "local" | "generations"> {
  services: LocalServiceDependencies["services"] &
    WaitRoutesDependencies["services"] &
    BridgeRoutesDependencies & { pairing: PairingService };
  executor: LocalServiceDependencies["executor"] &
    WhyServiceDependencies["executor"] &
    ActivityRoutesDependencies["executor"];
  tenancy: Tenancy;
  workers: WorkerQueue;
  journal: Journal;
  feed: EventFeed;
  faults: Faults;
  metrics: Metrics;
  settingSources: SettingSources;
}

export interface Admin {
  api: Api;
  background: readonly Background[];
  interceptors: readonly Interceptor[];
}

/** Creates the endpoints that only this server has. */
export function createAdmin(context: AdminContext, dependencies: AdminDependencies): Admin {
  const route = createLocalRouteDefiner(dependencies.tenancy, context.config.maxBodyBytes);
  const local = new LocalService(context, dependencies);
  const clock = new ClockService(context, dependencies);
  const snapshots = new SnapshotService(context, dependencies);
  const generations = new Generations();
  const waits = new WaitService(context);
  const routes = lazily(() => [
    ...localRoutes(route, context, { ...dependencies, local, generations }),
    ...clockRoutes(route, clock),
    ...snapshotRoutes(route, { snapshots, generations }),
    ...workerRoutes(route, dependencies.workers),
    ...bridgeRoutes(route, dependencies.services),
    ...pairingRoutes(route, dependencies.services.pairing),
    ...activityRoutes(route, { ...dependencies, activity: new ActivityService(context) }),
    ...settingRoutes(route, context, dependencies.settingSources),
    ...whyRoutes(route, new WhyService(context, dependencies)),
    ...journalRoutes(route, dependencies.journal),
    ...faultRoutes(route, dependencies.faults),
    ...metricsRoutes(route, dependencies.metrics),
    ...eventRoutes(route, dependencies.feed),
    ...waitRoutes(route, { ...dependencies, waits }),
  ]);
  return {
    api: {
      prefixes: [""],
      get routes() {
        return routes();
      },
      owns: isLocalPath,
      toAnswer: toLocalAnswer,
    },
    background: [clock, waits],
    interceptors: [generations],
  };
}
