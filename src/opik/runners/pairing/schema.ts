import * as v from "valibot";
import { constrained, exactly, isBlank, optional, optionalInteger, required, string, uuid } from "../../wire/values.ts";
import { RUNNER_TYPES } from "../schema.ts";

/** How long a session can be activated: the default and its limits, in seconds. */
const DEFAULT_TTL_SECONDS = 300;
const SHORTEST_TTL_SECONDS = 60;
const LONGEST_TTL_SECONDS = 600;

/**
 * Text that must be there, with a length in UTF-16 units. A `null` only breaks the first constraint, a text
 * that is empty can break both.
 */
function sized(minimum: number, maximum: number): v.GenericSchema<unknown, string> {
  const hasSize = (text: string): boolean => text.length >= minimum && text.length <= maximum;
  const schema = constrained(optional(string()), hasSize, `size must be between ${minimum} and ${maximum}`);
  return v.pipe(
    schema,
    v.check((text) => text !== undefined && !isBlank(text), "must not be blank"),
    v.transform((text) => text ?? ""),
  );
}

/** 32 bytes in base64, with or without padding. */
const base64Of32Bytes = sized(43, 44);

const atLeast = constrained(
  optionalInteger(),
  (seconds) => seconds >= SHORTEST_TTL_SECONDS,
  `must be greater than or equal to ${SHORTEST_TTL_SECONDS}`,
);
const ttlSeconds = constrained(
  atLeast,
  (seconds) => seconds <= LONGEST_TTL_SECONDS,
  `must be less than or equal to ${LONGEST_TTL_SECONDS}`,
);

/** Body of `POST /v1/private/pairing/sessions`. */
export const createSessionRequest = v.object({
  project_id: required(uuid()),
  activation_key: base64Of32Bytes,
  ttl_seconds: v.pipe(
    ttlSeconds,
    v.transform((seconds) => seconds ?? DEFAULT_TTL_SECONDS),
  ),
  type: required(exactly("runner type", RUNNER_TYPES)),
});
export type CreateSessionRequest = v.InferOutput<typeof createSessionRequest>;

export const createSessionResponse = v.object({
  session_id: string({ format: "uuid" }),
  runner_id: string({ format: "uuid" }),
});
export type CreateSessionResponse = v.InferOutput<typeof createSessionResponse>;

/** Body of `POST /v1/private/pairing/sessions/{sessionId}/activate`. */
export const activateRequest = v.object({
  runner_name: sized(0, 128),
  hmac: base64Of32Bytes,
});
export type ActivateRequest = v.InferOutput<typeof activateRequest>;
