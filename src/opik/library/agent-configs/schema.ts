import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import { constrained, exactly, isBlank, list, notBlank, optional, required, string, uuid } from "../../wire/values.ts";

const BLUEPRINT_TYPES = ["blueprint", "mask"] as const;

export const VALUE_TYPES = ["string", "integer", "float", "boolean", "prompt", "prompt_commit"] as const;

const MAX_DESCRIPTION_LENGTH = 255;
const MAX_KEY_LENGTH = 255;
const MAX_VALUES = 250;
const MAX_ENVIRONMENTS = 100;
const MAX_ENVIRONMENT_NAME_LENGTH = 50;

/** Cuts a description to the length that a blueprint's may have. */
export function shortened(description: string): string {
  return description.length <= MAX_DESCRIPTION_LENGTH
    ? description
    : `${description.slice(0, MAX_DESCRIPTION_LENGTH - 3)}...`;
}

const type = exactly("BlueprintType", BLUEPRINT_TYPES);

/** A value of a configuration; all are written as text. */
const value = v.object({
  key: constrained(
    notBlank(string({ maxLength: MAX_KEY_LENGTH })),
    ({ length }) => length <= MAX_KEY_LENGTH,
    `size must be between 0 and ${MAX_KEY_LENGTH}`,
  ),
  value: optional(string()),
  type: required(exactly("ValueType", VALUE_TYPES)),
  description: optional(string()),
});
export type ConfigValue = v.InferOutput<typeof value>;

const newBlueprint = v.object({
  id: optional(uuid()),
  type: required(type),
  description: constrained(
    optional(string({ maxLength: MAX_DESCRIPTION_LENGTH })),
    ({ length }) => length <= MAX_DESCRIPTION_LENGTH,
    `size must be between 0 and ${MAX_DESCRIPTION_LENGTH}`,
  ),
  values: constrained(
    required(list(required(value))),
    ({ length }) => length >= 1 && length <= MAX_VALUES,
    `size must be between 1 and ${MAX_VALUES}`,
  ),
});
export type NewBlueprint = v.InferOutput<typeof newBlueprint>;

/** The project of a request; one of both is required. */
const project = { project_id: optional(uuid()), project_name: projectName };
const NO_PROJECT = "Either projectId or projectName must be provided";

function namesProject(request: { project_id?: string | undefined; project_name?: string | undefined }): boolean {
  return request.project_id !== undefined || request.project_name !== undefined;
}

/** Body of `POST` and `PATCH /agent-configs/blueprints`. The id of the configuration is not used. */
export const blueprintRequest = constrained(
  constrained(
    v.object({ ...project, id: optional(uuid()), blueprint: required(newBlueprint) }),
    (request) => namesProject(request),
    NO_PROJECT,
  ),
  (request) => hasNoTwins(request.blueprint.values),
  "Duplicate configuration keys are not allowed",
);
export type BlueprintRequest = v.InferOutput<typeof blueprintRequest>;

function hasNoTwins(values: readonly ConfigValue[]): boolean {
  return new Set(values.map(({ key }) => key)).size === values.length;
}

/** Body of `POST /agent-configs/blueprints/remove-keys`. */
export const removeKeysRequest = constrained(
  v.object({
    ...project,
    keys: constrained(
      required(list(notBlank())),
      ({ length }) => length >= 1 && length <= MAX_VALUES,
      `size must be between 1 and ${MAX_VALUES}`,
    ),
  }),
  (request) => namesProject(request),
  NO_PROJECT,
);
export type KeyRemoval = v.InferOutput<typeof removeKeysRequest>;

const environmentName = constrained(
  notBlank(string({ maxLength: MAX_ENVIRONMENT_NAME_LENGTH })),
  (name) => isBlank(name) || name.length <= MAX_ENVIRONMENT_NAME_LENGTH,
  `size must be between 0 and ${MAX_ENVIRONMENT_NAME_LENGTH}`,
);

/** Body of `POST /agent-configs/blueprints/environments`. */
export const environmentsRequest = v.object({
  project_id: required(uuid()),
  envs: constrained(
    required(list(required(v.object({ env_name: environmentName, blueprint_id: required(uuid()) })))),
    ({ length }) => length >= 1 && length <= MAX_ENVIRONMENTS,
    `size must be between 1 and ${MAX_ENVIRONMENTS}`,
  ),
});
export type EnvironmentsRequest = v.InferOutput<typeof environmentsRequest>;

/** Body of `PUT /agent-configs/blueprints/environments/{env_name}/projects/{project_id}`. */
export const environmentRequest = v.object({ blueprint_name: notBlank() });

/** A blueprint as the request that made it shows it. */
export const writtenBlueprint = v.object({
  id: string({ format: "uuid" }),
  type,
  description: optional(string()),
  values: list(value),
});
export type WrittenBlueprint = v.InferOutput<typeof writtenBlueprint>;

export const blueprint = v.object({
  ...writtenBlueprint.entries,
  /** `v1`, `v2`; empty for a mask. */
  name: string(),
  envs: optional(list(string())),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type Blueprint = v.InferOutput<typeof blueprint>;

export const blueprintPage = pageOf(blueprint);
export type BlueprintPage = Page<Blueprint>;
