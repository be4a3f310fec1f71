import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { maxLength, object, required, ruled, string } from "../../wire/values.ts";

/** Body of `POST /v1/projects`. */
export const createProjectRequest = object(
  {
    id: maxLength(required(string()), 255),
    org_id: maxLength(required(string()), 255),
    name: ruled(required(string()), (name) => name === "" || name.length >= 2, "min"),
  },
  "CreateProjectRequest",
);
export type CreateProjectRequest = v.InferOutput<typeof createProjectRequest>;

export const project = v.object({
  id: v.string(),
  org_id: v.string(),
  name: v.string(),
  created_at: v.string(),
  updated_at: v.string(),
});
export type Project = v.InferOutput<typeof project>;

export const projectPage = pageOf(project);
