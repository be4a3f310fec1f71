import type { Route } from "../../http/route.ts";
import type { StraitServices } from "../../strait/services.ts";
import { LocalError } from "../errors.ts";
import type { DefineLocalRoute } from "../route.ts";
import { activity, runParts } from "./schema.ts";
import type { ActivityService } from "./service.ts";

export interface ActivityRoutesDependencies {
  activity: ActivityService;
  executor: Pick<StraitServices, "attemptHistory" | "eventTriggers" | "webhooks">;
}

/** What happened lately, and what hangs on a run. */
export function activityRoutes(route: DefineLocalRoute, dependencies: ActivityRoutesDependencies): Route[] {
  const { activity: service, executor } = dependencies;
  return [
    route({
      method: "GET",
      path: "/activity",
      id: "getActivity",
      summary:
        "What ended in each of the last 60 minutes, what runs now, what failed in the last hour, and the newest jobs of " +
        "the workspace and runs of all projects",
      responses: { 200: activity },
      handle: ({ workspace }) => ({ status: 200, body: service.read(workspace()), routine: true }),
    }),
    route({
      method: "GET",
      path: "/run-parts",
      id: "getRunParts",
      summary: "The earlier attempts, waits and webhooks of a run, oldest first",
      query: ["run"],
      responses: { 200: runParts },
      handle: ({ query: { run } }) => {
        if (run === undefined) throw new LocalError(400, "The query names no run: /__local/run-parts?run=...");
        const { attemptHistory, eventTriggers, webhooks } = executor;
        const parts = { attempts: attemptHistory.ofRun(run), waits: eventTriggers.ofRun(run) };
        return { status: 200, body: { ...parts, deliveries: webhooks.ofRun(run) }, routine: true };
      },
    }),
  ];
}
