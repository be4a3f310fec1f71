import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { expectStatus } from "../../support/pairing.ts";
import type { Arrangement, Expectation, Step } from "../case.ts";
import { fill, type World } from "../world.ts";

/*
 * Cases of executor runs. Their things: `<job>` and `<run>` (ids), `<sdk>` (the path of the run's executor
 * endpoints), `<auth>` (its token, as the header has it), `<key>` (an event key that no other case uses),
 * `<unknown>` (an id of nothing). `executing("2")` gives `<job2>`, `<run2>`, `<sdk2>`, `<auth2>`.
 */

/** The things every case of executor runs has. */
export async function nameRunsThings({ things }: Pick<World, "things">): Promise<void> {
  things.set("unknown", randomUUID());
  things.set("key", `conformance-${randomUUID()}`);
}

/**
 * A job for workers whose slug is `<slug>`; on a server that is not ours, whose workers speak gRPC, for an executor.
 */
export function workerJob(definition: Record<string, unknown> = {}, number = ""): Arrangement {
  return async (world) => {
    const slug = `conformance-${randomUUID()}`;
    const mode = world.executor === undefined ? { execution_mode: "worker" } : { endpoint_url: world.executor.url };
    const body = fill({ name: slug, slug, ...mode, timeout_secs: 3_600, ...definition }, world);
    const reply = expectStatus(await world.call("POST", "/v1/jobs", { body }), 201);
    world.things.set(`job${number}`, (reply.json as { id: string }).id);
    world.things.set(`slug${number}`, slug);
  };
}

/**
 * A run that waits for its executor; on a server that is not ours, where runs are pushed at once, one that executes.
 */
export function queued(
  options: { definition?: Record<string, unknown>; payload?: unknown } = {},
  number = "",
): Arrangement {
  return async (world) => {
    await workerJob(options.definition, number)(world);
    const path = `/v1/jobs/${world.things.get(`job${number}`)}/trigger`;
    const reply = expectStatus(await world.call("POST", path, { body: { payload: options.payload } }), 201);
    const { id, run_token = await world.executor?.tokenOf(id) } = reply.json as { id: string; run_token?: string };
    world.things.set(`run${number}`, id);
    world.things.set(`sdk${number}`, `/sdk/v1/runs/${id}`);
    world.things.set(`auth${number}`, `Bearer ${run_token}`);
  };
}

/** A run that executes. */
export function executing(options: Parameters<typeof queued>[0] = {}, number = ""): Arrangement {
  return async (world) => {
    await queued(options, number)(world);
    await call(`POST <sdk${number}>/heartbeat`, undefined, 200, number)(world);
  };
}

/** A run in another state, by one call of its executor or owner. */
export function after(send: string, body: unknown, status: number, number = ""): Arrangement {
  return call(send, body, status, number);
}

function call(send: string, body: unknown, status: number, number: string): Arrangement {
  return async (world) => {
    const [method = "", path = ""] = fill(send, world).split(" ");
    const headers = fill({ authorization: `<auth${number}>` }, world);
    expectStatus(await world.call(method, path, { body: fill(body, world), headers }), status);
  };
}

/** A call of the run's executor: `sdk("POST /log", { message: "m" }, { status: 201 })`. */
export function sdk(send: string, body: unknown, expectation: Expectation): Step {
  const [method, path] = send.split(" ");
  return {
    send: `${method} <sdk>${path}`,
    headers: { authorization: "<auth>" },
    ...(body === undefined ? {} : { body }),
    ...expectation,
  };
}

/** What is answered to a body that cannot be decoded: the reason is in a decoder's own words [strait 0.2]. */
export const UNREADABLE: Expectation = {
  status: 400,
  match: { error: { code: "bad_request", message: expect.stringMatching(/^invalid request body: /) } },
};

/** What is answered to a body that breaks the rules of its fields. */
export function invalid(...details: string[]): Expectation {
  return { status: 422, refusal: { code: "validation_failed", message: "validation failed", details } };
}
