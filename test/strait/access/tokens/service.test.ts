import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import type { RunRow } from "../../../../src/strait/run/run.ts";
import type { StraitError } from "../../../../src/strait/wire/errors.ts";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const SECOND = 1_000;

function createWorld(): StraitWorld {
  return createStraitWorld({ jwtSigningKey: KEY });
}

function newRun(world: StraitWorld): RunRow {
  return world.server.runs.runs.create({ job_id: "job", project_id: "default", triggered_by: "manual" });
}

async function outcome(world: StraitWorld, authorization: string | null, runId: string): Promise<string> {
  try {
    await world.server.runs.tokens.verify(authorization, runId);
    return "ok";
  } catch (error) {
    return `${(error as StraitError).status} ${(error as StraitError).message}`;
  }
}

function forge(claims: Record<string, unknown>, alg = "HS256", key = KEY): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

describe("a run token", () => {
  test("speaks for its run", async () => {
    await using world = createWorld();
    const run = newRun(world);
    const token = await world.server.runs.tokens.mint(run, 300);
    expect(await world.server.runs.tokens.verify(`Bearer ${token}`, run.id)).toEqual({
      runId: run.id,
      attempt: 1,
      assignmentId: undefined,
    });
  });

  test("lives a minute longer than its run may take, in whole seconds", async () => {
    await using world = createWorld();
    await world.clock.advance(1);
    const [, claims = ""] = world.server.runs.tokens.mint(newRun(world), 600).split(".");
    const { iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { iat: number; exp: number };
    expect(exp - iat).toBe(660);
  });

  test("any HMAC algorithm is accepted", async () => {
    await using world = createWorld();
    const run = newRun(world);
    const exp = world.clock.now() / SECOND + 60;
    const claims = { iss: "strait:run-token", sub: run.id, attempt: 1, exp };
    for (const alg of ["HS256", "HS384", "HS512"]) {
      expect(await outcome(world, `Bearer ${await forge(claims, alg)}`, run.id)).toBe("ok");
    }
  });

  test("the nine checks are made in their order", async () => {
    await using world = createWorld();
    const { runs, tokens } = world.server.runs;
    const run = newRun(world);
    const exp = world.clock.now() / SECOND + 60;
    const good = { iss: "strait:run-token", sub: run.id, attempt: 1, exp };
    const bearer = async (claims: object, key = KEY): Promise<string> =>
      `Bearer ${await forge({ ...good, ...claims }, "HS256", key)}`;

    const missing = "401 missing or invalid authorization header";
    expect(await outcome(world, null, run.id)).toBe(missing);
    expect(await outcome(world, (await bearer({})).replace("Bearer", "bearer"), run.id)).toBe(missing);
    const invalid = "401 invalid run token";
    expect(await outcome(world, "Bearer garbage", run.id)).toBe(invalid);
    expect(await outcome(world, await bearer({}, KEY.replace("0", "x")), run.id)).toBe(invalid);
    expect(await outcome(world, await bearer({ iss: "strait:sse" }), run.id)).toBe(invalid);
    expect(await outcome(world, await bearer({ exp: undefined }), run.id)).toBe(invalid);
    expect(await outcome(world, await bearer({ exp: exp - 61 }), run.id)).toBe(invalid);
    expect(await outcome(world, await bearer({ sub: "" }), run.id)).toBe("401 missing run ID in token");
    expect(await outcome(world, await bearer({ attempt: undefined }), run.id)).toBe("401 missing run attempt in token");
    expect(await outcome(world, await bearer({ attempt: 0 }), "other")).toBe("401 missing run attempt in token");
    expect(await outcome(world, await bearer({}), "other")).toBe("403 token does not match run ID");
    expect(await outcome(world, await bearer({ sub: "gone" }), "gone")).toBe("404 run not found");
    expect(await outcome(world, await bearer({ attempt: 2 }), run.id)).toBe("401 run token attempt is stale");
    expect(await outcome(world, await bearer({ assignment_id: "a" }), run.id)).toBe("401 run assignment not found");

    const executing = runs.transition(run, "executing", { assignment_id: "b" });
    expect(await outcome(world, await bearer({ assignment_id: "a" }), run.id)).toBe(
      "401 run token assignment mismatch",
    );
    expect(await outcome(world, `Bearer ${await tokens.mint(executing, 300)}`, run.id)).toBe("ok");
    const paused = runs.transition(executing, "paused");
    expect(await outcome(world, await bearer({ assignment_id: "b" }), run.id)).toBe(
      "401 run assignment is no longer active",
    );
    runs.transition(paused, "canceled");
    expect(await outcome(world, await bearer({ attempt: 2 }), run.id)).toBe("410 run has reached a terminal state");
  });

  test("made after a wait is good for the work that follows, although the queue's time is over", async () => {
    await using world = createWorld();
    const { runs, tokens } = world.server.runs;
    const executing = runs.transition(newRun(world), "executing", { expires_at: world.clock.now() + 360 * SECOND });
    const run = runs.transition(executing, "waiting");
    const first = await tokens.mint(run, 300);
    await world.clock.advance(3_600 * SECOND);
    expect(await outcome(world, `Bearer ${first}`, run.id)).toBe("401 invalid run token");
    const second = await tokens.mint(run, 300);
    await world.clock.advance(300 * SECOND);
    expect(await outcome(world, `Bearer ${second}`, run.id)).toBe("ok");
  });
});
