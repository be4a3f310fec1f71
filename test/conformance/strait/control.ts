import { randomUUID } from "node:crypto";
import type { Reply } from "../../support/call.ts";
import { expectStatus } from "../../support/pairing.ts";
import type { Arrangement, Expectation } from "../case.ts";
import { UUID } from "../expected.ts";

/** The codes of refusals by status [strait 0.3]. */
const CODES: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "authentication_required",
  403: "forbidden",
  404: "not_found",
  406: "internal_error",
  409: "conflict",
  415: "internal_error",
  429: "rate_limited",
};

/** A refusal with the code that belongs to its status. */
export function refused(status: number, message: string): Expectation {
  return { status, refusal: { code: CODES[status] ?? "", message } };
}

/** The id of what was made. */
export function idOf({ json }: Reply): string {
  return (json as { id: string }).id;
}

/** The answer to a trigger whose run can start at once [strait 4.2]. */
export const TRIGGERED = { status: 201, match: { id: UUID, status: "queued", idempotency_hit: false } };

/** The answer of an empty list [strait 0.6]. */
export const EMPTY_PAGE = { status: 200, json: { data: [], has_more: false } };

/** `<job>`, or another name: a job whose runs are pushed to where no server listens. */
export function pushedJob(definition: Record<string, unknown> = {}, name = "job"): Arrangement {
  return async (world) => {
    const slug = `conformance-${randomUUID()}`;
    const body = { name: slug, slug, endpoint_url: "http://127.0.0.1:9/executor", ...definition };
    const reply = expectStatus(await world.call("POST", "/v1/jobs", { body }), 201);
    world.things.set(name, (reply.json as { id: string }).id);
    world.things.set(`${name}slug`, slug);
  };
}
