import { describe, expect, test } from "vitest";
import type { RunRow } from "../../../../src/strait/run/run.ts";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

function newRun(world: StraitWorld): RunRow {
  return world.server.runs.runs.create({ job_id: "job", project_id: "default", triggered_by: "manual" });
}

/** The keys that the database has. */
function storedKeys({ server }: StraitWorld): string[] {
  return server.database
    .prepare<[], string>("SELECT value FROM executor_settings WHERE name = 'jwt_signing_key'")
    .pluck()
    .all();
}

describe("the key that signs tokens", () => {
  test("is created with the first token", async () => {
    await using world = createStraitWorld();
    const run = newRun(world);
    const { tokens } = world.server.runs;
    await expect(tokens.verify("Bearer a.b.c", run.id)).rejects.toThrow("invalid run token");
    expect(storedKeys(world)).toEqual([]);
    tokens.mint(run, 60);
    const keys = storedKeys(world);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    tokens.mint(run, 61);
    expect(storedKeys(world)).toEqual(keys);
  });

  test("is created anew when the transaction of the first token was rolled back", async () => {
    await using world = createStraitWorld();
    const run = newRun(world);
    const { tokens } = world.server.runs;
    const failing = (): void => {
      tokens.mint(run, 60);
      throw new Error("rolled back");
    };
    expect(() => world.server.database.transaction(failing)).toThrow("rolled back");
    expect(storedKeys(world)).toEqual([]);
    const token = tokens.mint(run, 61);
    expect(storedKeys(world)).toHaveLength(1);
    await expect(tokens.verify(`Bearer ${token}`, run.id)).resolves.toMatchObject({ runId: run.id });
  });

  test("is the same for the same seed, and leaves the ids as they are", async () => {
    const start = async (mintsToken: boolean): Promise<{ keys: string[]; id: string }> => {
      await using world = createStraitWorld();
      const run = newRun(world);
      if (mintsToken) world.server.runs.tokens.mint(run, 60);
      return { keys: storedKeys(world), id: newRun(world).id };
    };
    const withToken = await start(true);
    expect(await start(true)).toEqual(withToken);
    expect((await start(false)).id).toBe(withToken.id);
  });
});
