import type { Route } from "../../../http/route.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import {
  kpiCardRequest,
  kpiCards,
  projectMetric,
  projectMetricRequest,
  spanMetricRequest,
  tokenNames,
  tokenNamesRequest,
  workspaceMetric,
  workspaceMetricRequest,
  workspaceSummaries,
  workspaceSummary,
  workspaceSummaryRequest,
} from "./schema.ts";
import type { MetricsService } from "./service.ts";

const PROJECT = "/v1/private/projects/:id";
const WORKSPACES = "/v1/private/workspaces";

/** Metrics of projects and workspaces over time. */
export function metricsRoutes(route: DefineOpikRoute, metrics: MetricsService): Route[] {
  return [...projectRoutes(route, metrics), ...workspaceRoutes(route, metrics)];
}

function projectRoutes(route: DefineOpikRoute, metrics: MetricsService): Route[] {
  const tag = "Projects";
  return [
    route({
      method: "POST",
      path: `${PROJECT}/kpi-cards`,
      id: "getProjectKpiCards",
      tag,
      summary: "Get Project KPI Cards",
      pathParameters: { id: pathUuid },
      body: kpiCardRequest,
      responses: { 200: kpiCards },
      handle: async ({ owner, path, body }) => ({ status: 200, body: await metrics.kpiCards(owner, path.id, body) }),
    }),
    route({
      method: "POST",
      path: `${PROJECT}/metrics`,
      id: "getProjectMetrics",
      tag,
      summary: "Get Project Metrics",
      pathParameters: { id: pathUuid },
      body: projectMetricRequest,
      responses: { 200: projectMetric },
      handle: async ({ owner, path, body }) => ({ status: 200, body: await metrics.ofProject(owner, path.id, body) }),
    }),
    route({
      method: "GET",
      path: `${PROJECT}/token-usage/names`,
      id: "findTokenUsageNames",
      tag,
      summary: "Find Token Usage names",
      pathParameters: { id: pathUuid },
      responses: { 200: tokenNames },
      handle: async ({ owner, path }) => ({
        status: 200,
        body: { names: await metrics.tokenNames(owner, path.id) },
      }),
    }),
  ];
}

function workspaceRoutes(route: DefineOpikRoute, metrics: MetricsService): Route[] {
  const tag = "Workspaces";
  return [
    route({
      method: "POST",
      path: `${WORKSPACES}/metrics/summaries`,
      id: "metricsSummary",
      tag,
      summary: "Get metrics summary",
      body: workspaceSummaryRequest,
      responses: { 200: workspaceSummaries },
      handle: async ({ owner, body }) => ({
        status: 200,
        body: { results: await metrics.scoreSummaries(owner, body) },
      }),
    }),
    route({
      method: "POST",
      path: `${WORKSPACES}/metrics`,
      id: "getMetric",
      tag,
      summary: "Get metric daily data",
      body: workspaceMetricRequest,
      responses: { 200: workspaceMetric },
      handle: async ({ owner, body }) => ({ status: 200, body: await metrics.dailyScores(owner, body) }),
    }),
    route({
      method: "POST",
      path: `${WORKSPACES}/metrics/spans`,
      id: "getWorkspaceSpanMetric",
      tag,
      summary: "Get workspace span metric",
      body: spanMetricRequest,
      responses: { 200: workspaceMetric },
      handle: async ({ owner, body }) => ({ status: 200, body: await metrics.ofSpans(owner, body) }),
    }),
    route({
      method: "POST",
      path: `${WORKSPACES}/token-usage/names`,
      id: "getWorkspaceTokenUsageNames",
      tag,
      summary: "Get workspace token usage names",
      body: tokenNamesRequest,
      responses: { 200: tokenNames },
      handle: async ({ owner, body }) => ({
        status: 200,
        body: { names: await metrics.tokenNamesOfAll(owner, body) },
      }),
    }),
    route({
      method: "POST",
      path: `${WORKSPACES}/costs/summaries`,
      id: "costsSummary",
      tag,
      summary: "Get costs summary",
      body: workspaceSummaryRequest,
      responses: { 200: workspaceSummary },
      handle: async ({ owner, body }) => ({ status: 200, body: await metrics.costSummary(owner, body) }),
    }),
    route({
      method: "POST",
      path: `${WORKSPACES}/costs`,
      id: "getCost",
      tag,
      summary: "Get cost daily data",
      body: workspaceMetricRequest,
      responses: { 200: workspaceMetric },
      handle: async ({ owner, body }) => ({ status: 200, body: await metrics.dailyCosts(owner, body) }),
    }),
  ];
}
