import { expect, test } from "vitest";
import type { Caller } from "../../../../src/strait/wire/caller.ts";
import { createStraitWorld } from "../../world.ts";

const REFUSED = "environment_id does not match authenticated environment";

test("a key of an environment makes jobs of that one alone, and leaves them in it", async () => {
  await using world = createStraitWorld();
  const { jobs } = world.server.runs;
  const caller: Caller = {
    ...{ projectId: "default", environmentId: "staging", actor: "key", scopes: undefined, internal: false },
  };
  const job = { name: "a", slug: "a", execution_mode: "worker", project_id: undefined } as const;
  expect(() => jobs.create(caller, job)).toThrow(REFUSED);
  expect(() => jobs.create(caller, { ...job, environment_id: "production" })).toThrow(REFUSED);
  const { id } = jobs.create(caller, { ...job, environment_id: "staging" });
  expect(() => jobs.update(caller, id, { environment_id: "" } as never)).toThrow(REFUSED);
  expect(jobs.update(caller, id, { description: "changed" } as never)).toMatchObject({ environment_id: "staging" });
  const owner = { ...caller, environmentId: undefined };
  expect(jobs.update(owner, id, { environment_id: "production" } as never)).toMatchObject({ version: 3 });
  expect(() => jobs.get(caller, id)).toThrow("job not found");
});
