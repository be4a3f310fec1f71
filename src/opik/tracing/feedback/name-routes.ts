import type { Route } from "../../../http/route.ts";
import type { ProjectService } from "../../projects/service.ts";
import { queryIds, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { scoreNames } from "./schema.ts";
import type { FeedbackService } from "./service.ts";

const PRIVATE = "/v1/private";
const responses = { 200: scoreNames };

/** The names of scores. */
export function scoreNameRoutes(
  route: DefineOpikRoute,
  { feedback, projects }: { feedback: FeedbackService; projects: ProjectService },
): Route[] {
  return [
    ...(["trace", "span"] as const).map((type) =>
      route({
        method: "GET",
        path: `${PRIVATE}/${type}s/feedback-scores/names`,
        id: `find${type === "trace" ? "Trace" : "Span"}FeedbackScoreNames`,
        tag: type === "trace" ? "Traces" : "Spans",
        summary: "Find Feedback Score names",
        query: { project_id: queryUuid },
        responses,
        handle: ({ owner, query: { project_id } }) => ({
          status: 200,
          body: feedback.names(
            owner,
            type,
            project_id === undefined ? undefined : [projects.get(owner, project_id).id],
          ),
        }),
      }),
    ),
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
