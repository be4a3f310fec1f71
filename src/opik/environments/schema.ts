import * as v from "valibot";
import type { Schema } from "../../http/schema.ts";
import { type Page, pageOf } from "../wire/page.ts";
import { constrained, integer, isBlank, optional, optionalInteger, string, uuid } from "../wire/values.ts";

const MAX_NAME_LENGTH = 150;
const NAME = /^[A-Za-z0-9_-]+$/;

/** The messages of errors in names of environments. */
export const OTHER_CHARACTERS = "must match '^[A-Za-z0-9_-]+$'";
export const TOO_LONG = `cannot exceed ${MAX_NAME_LENGTH} characters`;

export const hasEnvironmentCharacters = (name: string): boolean => NAME.test(name);
export const hasEnvironmentLength = (name: string): boolean => name.length <= MAX_NAME_LENGTH;

/** What is wrong with the name of an environment. */
export function wrongEnvironmentName(name: string): string | undefined {
  if (!hasEnvironmentCharacters(name)) return OTHER_CHARACTERS;
  return hasEnvironmentLength(name) ? undefined : TOO_LONG;
}

/** Adds the two constraints of an environment's name, each with its own message [opik 9.1]. */
export function environmentNameOf<Output extends string | undefined>(schema: Schema<Output>): Schema<Output> {
  return constrained(constrained(schema, hasEnvironmentCharacters, OTHER_CHARACTERS), hasEnvironmentLength, TOO_LONG);
}

/** The name of an environment in a request that changes one. */
const nameOrAbsent = environmentNameOf(optional(string()));

/** The name of an environment in a request that makes one. */
const name = v.pipe(
  nameOrAbsent,
  v.metadata({ required: true }),
  v.check((given) => given !== undefined && !isBlank(given), "must not be blank"),
  v.transform((given) => given ?? ""),
);

const description = constrained(
  optional(string({ maxLength: 500 })),
  ({ length }) => length <= 500,
  "cannot exceed 500 characters",
);
const color = constrained(
  optional(string({ maxLength: 20 })),
  ({ length }) => length <= 20,
  "cannot exceed 20 characters",
);

/** Body of `POST /environments`. */
export const createEnvironmentRequest = v.object({
  id: optional(uuid()),
  name,
  description,
  color,
  position: optionalInteger(),
});
export type NewEnvironment = Partial<v.InferOutput<typeof createEnvironmentRequest>> & { name: string };

/** Body of `PATCH /environments/{id}`; absent fields do not change. */
export const updateEnvironmentRequest = v.object({
  name: nameOrAbsent,
  description,
  color,
  position: optionalInteger(),
});
export type EnvironmentUpdate = v.InferOutput<typeof updateEnvironmentRequest>;

export const environment = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  description: optional(string()),
  color: string(),
  position: integer(),
  created_at: string({ format: "date-time" }),
  created_by: string(),
  last_updated_at: string({ format: "date-time" }),
  last_updated_by: string(),
});
export type Environment = v.InferOutput<typeof environment>;

export const environmentPage = pageOf(environment);
export type EnvironmentPage = Page<Environment>;
