import { describe, expect, test, vi } from "vitest";
import { StraitError } from "../../../../src/strait/wire/errors.ts";
import { createStraitWorld } from "../../world.ts";

/** Three runs of a job, with a child of another job each. The second fails after it has been cancelled itself. */
async function createFamilies() {
  const world = createStraitWorld();
  const { runs } = world.server.runs;
  const [parentJob, childJob] = [await world.job(), await world.job()];
  const given = { project_id: "default", triggered_by: "manual", execution_mode: "worker" } as const;
  const families = [1, 2, 3].map(() => {
    const parent = runs.create({ ...given, job_id: parentJob }).id;
    return { parent, child: runs.create({ ...given, job_id: childJob, parent_run_id: parent }).id };
  });
  const unfinishedChildren = runs.unfinishedChildren.bind(runs);
  vi.spyOn(runs, "unfinishedChildren").mockImplementation((id) => {
    if (id === families[1]?.parent) throw new StraitError(409, "not this one");
    return unfinishedChildren(id);
  });
  return { world, parentJob, families };
}

describe("of many runs, one that fails half-way", () => {
  test.for(["bulk-cancel", "bulk-cancel-all"])("is not changed by %s, and no event is emitted", async (path) => {
    const { world, parentJob, families } = await createFamilies();
    await using _ = world;
    const changed: string[] = [];
    world.server.events.on("run:status:changed", ({ run }) => changed.push(run.id));
    const body = path === "bulk-cancel" ? { run_ids: families.map(({ parent }) => parent) } : { job_id: parentJob };
    const { status, json } = await world.call("POST", `/v1/runs/${path}`, body);
    expect({ status, canceled: json.canceled }).toEqual({ status: 200, canceled: 2 });
    for (const [index, { parent, child }] of families.entries()) {
      const expected = index === 1 ? "queued" : "canceled";
      for (const id of [parent, child]) {
        expect(world.server.runs.runs.find(id)?.status, `run ${index + 1}`).toBe(expected);
        expect(changed.includes(id), `run ${index + 1}`).toBe(expected === "canceled");
      }
    }
  });
});
