import type { Route } from "../../../http/route.ts";
import type { Owner } from "../../access/owner.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { scoreBatch, scoreDeletion, scoreRequest } from "./schema.ts";
import type { FeedbackService } from "./service.ts";

/** A kind of record that is scored, on the wire. */
export interface ScoredWire {
  path: string;
  type: "trace" | "span";
  /** The singular and the plural in the OpenAPI document. */
  names: { one: "Trace" | "Span"; several: "Traces" | "Spans" };
  /** @throws OpikError 404 */
  projectOf(owner: Owner, id: string): string;
}

const pathParameters = { id: pathUuid };

/** Score records, and delete scores. */
export function feedbackRoutes(route: DefineOpikRoute, wire: ScoredWire, feedback: FeedbackService): Route[] {
  const { path: base, type, names } = wire;
  const tag = names.several;
  return [
    route({
      method: "PUT",
      path: `${base}/feedback-scores`,
      id: `scoreBatchOf${names.several}`,
      tag,
      summary: `Batch feedback scoring for ${type}s`,
      body: scoreBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        feedback.scoreBatch(owner, type, body.scores);
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: `${base}/:id/feedback-scores`,
      id: `add${names.one}FeedbackScore`,
      tag,
      summary: `Add ${type} feedback score`,
      pathParameters,
      body: scoreRequest,
      responses: { 204: undefined },
      handle: ({ owner, path: { id }, body }) => {
        feedback.score(owner, { type, id }, wire.projectOf(owner, id), [body]);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${base}/:id/feedback-scores/delete`,
      id: `delete${names.one}FeedbackScore`,
      tag,
      summary: `Delete ${type} feedback score`,
      pathParameters,
      body: scoreDeletion,
      responses: { 204: undefined },
      handle: ({ owner, path: { id }, body }) => {
        feedback.delete(owner, { type, id }, body);
        return { status: 204 };
      },
    }),
  ];
}
