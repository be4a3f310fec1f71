import type { Route } from "../../../http/route.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryChoice, queryText } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { FEEDBACK_TYPES, feedbackDefinition, feedbackDefinitionPage, feedbackDefinitionWrite } from "./schema.ts";
import type { FeedbackDefinitionService } from "./service.ts";

const DEFINITIONS = "/v1/private/feedback-definitions";
const tag = "Feedback-definitions";
const pathParameters = { id: pathUuid };

/** Make, list, get, change and delete feedback definitions [opik 9.10]. */
export function feedbackDefinitionRoutes(route: DefineOpikRoute, definitions: FeedbackDefinitionService): Route[] {
  return [
    route({
      method: "GET",
      path: DEFINITIONS,
      id: "findFeedbackDefinitions",
      tag,
      summary: "Find Feedback definitions",
      query: { ...pageQuery, name: queryText, type: queryChoice(FEEDBACK_TYPES) },
      responses: { 200: feedbackDefinitionPage },
      handle: ({ owner, query }) => ({ status: 200, body: definitions.list(owner, query) }),
    }),
    route({
      method: "POST",
      path: DEFINITIONS,
      id: "createFeedbackDefinition",
      tag,
      summary: "Create feedback definition",
      body: feedbackDefinitionWrite,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = definitions.create(owner, body);
        return { status: 201, headers: { location: `${origin}${DEFINITIONS}/${id}` } };
      },
    }),
    route({
      method: "POST",
      path: `${DEFINITIONS}/delete`,
      id: "deleteFeedbackDefinitionsBatch",
      tag,
      summary: "Delete feedback definitions",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        definitions.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${DEFINITIONS}/:id`,
      id: "getFeedbackDefinitionById",
      tag,
      summary: "Get feedback definition by id",
      pathParameters,
      responses: { 200: feedbackDefinition },
      handle: ({ owner, path }) => ({ status: 200, body: definitions.get(owner, path.id) }),
    }),
    route({
      method: "PUT",
      path: `${DEFINITIONS}/:id`,
      id: "updateFeedbackDefinition",
      tag,
      summary: "Update feedback definition by id",
      pathParameters,
      body: feedbackDefinitionWrite,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        definitions.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: `${DEFINITIONS}/:id`,
      id: "deleteFeedbackDefinitionById",
      tag,
      summary: "Delete feedback definition by id",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        definitions.delete(owner, [path.id]);
        return { status: 204 };
      },
    }),
  ];
}
