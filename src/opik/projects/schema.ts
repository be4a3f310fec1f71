import * as v from "valibot";
import { jsonValue } from "../../http/schema.ts";
import { type Page, pageOf } from "../wire/page.ts";
import { boolean, constrained, isBlank, notBlank, optional, string } from "../wire/values.ts";

export const PROJECT_VISIBILITIES = ["private", "public"] as const;
export type ProjectVisibility = (typeof PROJECT_VISIBILITIES)[number];

/** Compared exactly, unlike other enumerations [opik 7.1]. */
export const visibility = jsonValue<ProjectVisibility>({ type: "string", enum: PROJECT_VISIBILITIES }, (input) => {
  const found = PROJECT_VISIBILITIES.find((choice) => choice === input);
  if (found !== undefined) return found;
  throw new Error(
    `Cannot construct instance of \`com.comet.opik.api.Visibility\`, problem: Unknown visibility '${String(input)}'`,
  );
});

/** As long as the column of the real server, in characters; it answers 500 to longer ones [opik 7.1]. */
const MAX_NAME_LENGTH = 150;

const hasLength = (name: string): boolean => [...name.trim()].length <= MAX_NAME_LENGTH;
const TOO_LONG = `cannot exceed ${MAX_NAME_LENGTH} characters`;

const description = constrained(
  optional(string({ maxLength: 255 })),
  (text) => text.length <= 255,
  "cannot exceed 255 characters",
);

/** A project that is written to, by its name; `null` is the default project. */
export const projectName = constrained(
  constrained(optional(string({ maxLength: MAX_NAME_LENGTH })), (name) => !isBlank(name), "must not be blank"),
  hasLength,
  TOO_LONG,
);

/** Body of `POST /projects`. */
export const createProjectRequest = v.object({
  name: constrained(notBlank(string({ maxLength: MAX_NAME_LENGTH })), hasLength, TOO_LONG),
  visibility: optional(visibility),
  description,
});

/** Body of `PATCH /projects/{id}`; absent fields do not change. */
export const updateProjectRequest = v.object({ name: projectName, visibility: optional(visibility), description });
export type ProjectUpdate = v.InferOutput<typeof updateProjectRequest>;

/** Body of `POST /projects/retrieve`. */
export const retrieveProjectRequest = v.object({ name: notBlank(), include_stats: optional(boolean()) });

export const project = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  visibility,
  description: optional(string()),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
  last_updated_trace_at: optional(string({ format: "date-time" })),
});
export type Project = v.InferOutput<typeof project>;

/** What a list of projects can be sorted by [opik 7.1]. */
export const SORTABLE_PROJECT_FIELDS = [
  "id",
  "name",
  "last_updated_at",
  "created_at",
  "last_updated_trace_at",
] as const satisfies ReadonlyArray<keyof Project>;
export type SortableProjectField = (typeof SORTABLE_PROJECT_FIELDS)[number];

export const projectPage = pageOf(project);
export type ProjectPage = Page<Project>;
