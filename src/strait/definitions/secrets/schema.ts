import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import { integer, object, optional, required, string } from "../../wire/values.ts";

/** Body of `POST /v1/secrets`. */
export const createSecretRequest = object(
  {
    project_id: optional(string()),
    job_id: optional(string()),
    environment: optional(string()),
    secret_key: required(string()),
    value: required(string()),
  },
  "createSecretRequest",
);
export type CreateSecretRequest = v.InferOutput<typeof createSecretRequest>;

const dateTime = string({ format: "date-time" });

/** A secret as the wire shows it: never its value. */
export const secret = v.object({
  id: string(),
  project_id: string(),
  job_id: v.optional(string()),
  environment: string(),
  secret_key: string(),
  key_version: integer(),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Secret = v.InferOutput<typeof secret>;

export const secretPage = pageOf(secret);
