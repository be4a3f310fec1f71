import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { BATCH_SIZE, isBatch } from "../../wire/id-batch.ts";
import { constrained, exactly, list, loosely, notBlank, optional, required, string, uuid } from "../../wire/values.ts";

/** What assertions are about; those on threads are refused by the service [opik 11.4]. */
export const ENTITY_TYPES = ["trace", "span", "thread"] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export const ASSERTION_STATUSES = ["passed", "failed"] as const;
export type AssertionStatus = (typeof ASSERTION_STATUSES)[number];

export const ASSERTION_SOURCES = ["ui", "sdk", "online_scoring"] as const;
export type AssertionSource = (typeof ASSERTION_SOURCES)[number];

const assertion = v.object({
  entity_id: required(uuid()),
  project_name: projectName,
  project_id: optional(uuid()),
  name: notBlank(),
  status: required(exactly("assertion status", ASSERTION_STATUSES)),
  reason: optional(string()),
  source: required(exactly("score source", ASSERTION_SOURCES)),
});
export type AssertionWrite = v.InferOutput<typeof assertion>;

/** Body of `PUT /assertion-results`. */
export const putAssertionsRequest = v.object({
  entity_type: required(loosely("com.comet.opik.domain.EntityType", ENTITY_TYPES)),
  assertion_results: constrained(required(list(required(assertion))), isBatch, BATCH_SIZE),
});
export type PutAssertions = v.InferOutput<typeof putAssertionsRequest>;
