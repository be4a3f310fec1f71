import * as v from "valibot";
import type { Route } from "../../http/route.ts";
import { OpikError } from "../wire/errors.ts";
import { type Page, pageOf, pageQuery } from "../wire/page.ts";
import { pathUuid } from "../wire/parameters.ts";
import type { DefineOpikRoute } from "../wire/route.ts";

const PRIVATE = "/v1/private";

const emptyPage = pageOf(v.object({}));
const noModels = v.record(v.string(), v.array(v.object({})));

/** The lists with pages: the path, the operation, its tag and what it lists. */
const LISTS = [
  ["automations/evaluators", "findEvaluators", "Automation rule evaluators", "rules that score by themselves"],
  ["alerts", "findAlerts", "Alerts", "alerts"],
  ["agent-insights/issues", "findAgentInsightsIssues", "Agent Insights", "issues of agents"],
  ["insights-views", "findInsightsViews", "Insights Views", "insights views"],
] as const;

/**
 * Lists that are always empty, because nothing can be added to them here, and a job that there never is: Opik's web
 * application asks for them on its pages, and would report an error for each 501 [opik 9.8].
 */
export function emptyListRoutes(route: DefineOpikRoute): Route[] {
  const responses = { 200: emptyPage };
  return [
    route({
      method: "GET",
      path: `${PRIVATE}/llm-provider-key`,
      id: "findLlmProviderKeys",
      tag: "LlmProviderKey",
      summary: "Find LLM providers' API keys: always none",
      responses,
      handle: () => ({ status: 200, body: nothing(0) }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/llm/models`,
      id: "getLlmModels",
      tag: "LLM Models",
      summary: "Get the models of each LLM provider: always none",
      responses: { 200: noModels },
      handle: () => ({ status: 200, body: {} }),
    }),
    ...LISTS.map(([path, id, tag, name]) =>
      route({
        ...{ method: "GET", path: `${PRIVATE}/${path}`, id, tag, summary: `Find ${name}: always none` },
        query: pageQuery,
        responses,
        handle: ({ query }) => ({ status: 200, body: nothing(query.page) }),
      }),
    ),
    route({
      method: "GET",
      path: `${PRIVATE}/projects/:projectId/alerts`,
      id: "findAlertsByProject",
      tag: "Projects",
      summary: "Find alerts of a project: always none",
      pathParameters: { projectId: pathUuid },
      query: pageQuery,
      responses,
      handle: ({ query }) => ({ status: 200, body: nothing(query.page) }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/agent-insights/jobs/:projectId`,
      id: "getAgentInsightsJob",
      tag: "Agent Insights Jobs",
      summary: "Get the agent insights job of a project: there never is one",
      pathParameters: { projectId: pathUuid },
      responses: {},
      handle: ({ path }) => {
        throw OpikError.message(404, `Agent insights job not found for project: ${path.projectId}`);
      },
    }),
  ];
}

function nothing(page: number): Page<object> {
  return { page, size: 0, total: 0, content: [], sortable_by: [] };
}
