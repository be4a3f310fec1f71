import type { Route } from "../../../http/route.ts";
import type { Owner } from "../../access/owner.ts";
import { OpikError } from "../../wire/errors.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pathUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import type { EntityType } from "../entity.ts";
import { comment, commentRequest } from "./schema.ts";
import type { CommentService } from "./service.ts";

/** A kind of thing that comments are made on, on the wire. */
export interface CommentedWire {
  path: string;
  type: EntityType;
  /** The singular in the OpenAPI document, and the tag of its operations. */
  name: "Trace" | "Span" | "Thread";
  tag: "Traces" | "Spans";
  exists(owner: Owner, id: string): boolean;
}

/** Add, get, change and delete comments. */
export function commentRoutes(route: DefineOpikRoute, wire: CommentedWire, comments: CommentService): Route[] {
  const { path: base, type, name, tag } = wire;
  return [
    route({
      method: "POST",
      path: `${base}/:id/comments`,
      id: `add${name}Comment`,
      tag,
      summary: `Add ${type} comment`,
      pathParameters: { id: pathUuid },
      body: commentRequest,
      responses: { 201: undefined },
      handle: ({ owner, path: { id }, body, origin }) => {
        if (!wire.exists(owner, id)) throw OpikError.message(404, `${type} id: ${id} not found`);
        const commentId = comments.add(owner, { type, id }, body);
        return { status: 201, headers: { location: `${origin}${base}/${id}/comments/${commentId}` } };
      },
    }),
    route({
      method: "GET",
      path: `${base}/:id/comments/:commentId`,
      id: `get${name}Comment`,
      tag,
      summary: `Get ${type} comment`,
      pathParameters: { id: pathUuid, commentId: pathUuid },
      responses: { 200: comment },
      handle: ({ owner, path: { id, commentId } }) => ({
        status: 200,
        body: comments.get(owner, { type, id }, commentId),
      }),
    }),
    route({
      method: "PATCH",
      path: `${base}/comments/:commentId`,
      id: `update${name}Comment`,
      tag,
      summary: `Update ${type} comment by id`,
      pathParameters: { commentId: pathUuid },
      body: commentRequest,
      responses: { 204: undefined },
      handle: ({ owner, path: { commentId }, body }) => {
        comments.update(owner, commentId, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${base}/comments/delete`,
      id: `delete${name}Comments`,
      tag,
      summary: `Delete ${type} comments`,
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        comments.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
  ];
}
