import type { Route } from "../../../http/route.ts";
import type { Owner } from "../../access/owner.ts";
import type { ProjectService } from "../../projects/service.ts";
import { queryChoice, queryIds, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { SPAN_TYPES } from "../spans/schema.ts";
import { scoreNames } from "./schema.ts";
import type { FeedbackService } from "./service.ts";

const PRIVATE = "/v1/private";
const responses = { 200: scoreNames };

/** The names of scores. */
export function scoreNameRoutes(
  route: DefineOpikRoute,
  { feedback, projects }: { feedback: FeedbackService; projects: ProjectService },
): Route[] {
  const projectIds = (owner: Owner, id: string | undefined): string[] | undefined =>
    id === undefined ? undefined : [projects.get(owner, id).id];
  return [
    route({
      method: "GET",
      path: `${PRIVATE}/traces/feedback-scores/names`,
      id: "findTraceFeedbackScoreNames",
      tag: "Traces",
      summary: "Find Feedback Score names",
      query: { project_id: queryUuid },
      responses,
      handle: ({ owner, query }) => ({
        status: 200,
        body: feedback.names(owner, "trace", projectIds(owner, query.project_id)),
      }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/spans/feedback-scores/names`,
      id: "findSpanFeedbackScoreNames",
      tag: "Spans",
      summary: "Find Feedback Score names",
      query: { project_id: queryUuid, type: queryChoice(SPAN_TYPES, "is not a valid SpanType") },
      responses,
      handle: ({ owner, query }) => ({
        status: 200,
        body: feedback.names(owner, "span", projectIds(owner, query.project_id), query.type),
      }),
    }),
    route({
      method: "GET",
      path: `${PRIVATE}/projects/feedback-scores/names`,
      id: "findFeedbackScoreNamesByProjectIds",
      tag: "Projects",
      summary: "Find Feedback Score names By Project Ids",
      query: { project_ids: queryIds },
      responses,
      handle: ({ owner, query: { project_ids } }) => ({
        status: 200,
        body: feedback.names(owner, "trace", project_ids),
      }),
    }),
  ];
}
