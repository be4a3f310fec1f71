import type { Route } from "../../http/route.ts";
import { pathUuid, queryChoice, queryInteger, queryPageSize, requiredQueryUuid } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";
import type { JobService } from "./jobs/service.ts";
import { POLLS_ON_DEMAND_HEADER } from "./polls-on-demand.ts";
import {
  localRunner,
  localRunnerPage,
  patchChecklistRequest,
  registerAgentsRequest,
  RUNNER_STATUSES,
} from "./schema.ts";
import type { RunnerService } from "./service.ts";

/** The path of all endpoints of local runners. */
export const LOCAL_RUNNERS = "/v1/private/local-runners";

const tag = "Runners";
const pathParameters = { runnerId: pathUuid };

export interface RunnerRoutesDependencies {
  runners: RunnerService;
  /** Expects a poll of a runner that has registered its agents. */
  jobs: Pick<JobService, "expectedPolls">;
}

/** List, get and disconnect runners; register agents; patch the checklist. */
export function runnerRoutes(route: DefineOpikRoute, { runners, jobs }: RunnerRoutesDependencies): Route[] {
  return [
    route({
      method: "GET",
      path: LOCAL_RUNNERS,
      id: "listRunners",
      tag,
      summary: "List local runners",
      query: {
        project_id: requiredQueryUuid,
        status: queryChoice(RUNNER_STATUSES),
        page: queryInteger(0, 0),
        size: queryPageSize(25),
      },
      responses: { 200: localRunnerPage },
      handle: ({ owner, query }) => ({ status: 200, body: runners.list(owner, query.project_id, query) }),
    }),
    route({
      method: "GET",
      path: `${LOCAL_RUNNERS}/:runnerId`,
      id: "getRunner",
      tag,
      summary: "Get local runner",
      pathParameters,
      responses: { 200: localRunner },
      handle: ({ owner, path }) => ({ status: 200, body: runners.get(owner, path.runnerId) }),
    }),
    route({
      method: "DELETE",
      path: `${LOCAL_RUNNERS}/:runnerId`,
      id: "disconnectRunner",
      tag,
      summary: "Disconnect local runner",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        runners.disconnect(owner, path.runnerId);
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: `${LOCAL_RUNNERS}/:runnerId/agents`,
      id: "registerAgents",
      tag,
      summary: "Register local runner agents",
      pathParameters,
      body: registerAgentsRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body, headers }) => {
        runners.registerAgents(owner, path.runnerId, body);
        if (!headers.has(POLLS_ON_DEMAND_HEADER)) jobs.expectedPolls.add(path.runnerId);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${LOCAL_RUNNERS}/:runnerId/checklist`,
      id: "patchChecklist",
      tag,
      summary: "Patch local runner checklist",
      pathParameters,
      body: patchChecklistRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        runners.patchChecklist(owner, path.runnerId, body);
        return { status: 204 };
      },
    }),
  ];
}
