import * as v from "valibot";
import { list, notBlank, optional, string, uuid } from "../../wire/values.ts";

/** Body of `POST /traces/{id}/comments` and of `PATCH /traces/comments/{id}`. */
export const commentRequest = v.object({ text: notBlank(), source_queue_id: optional(uuid()) });
export type CommentRequest = v.InferOutput<typeof commentRequest>;

export const comment = v.object({
  id: string({ format: "uuid" }),
  text: string(),
  source_queue_id: optional(string()),
  created_at: string({ format: "date-time" }),
  last_updated_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_by: string(),
});
export type Comment = v.InferOutput<typeof comment>;

export const comments = optional(list(comment));
