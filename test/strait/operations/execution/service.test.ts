import { expect, test } from "vitest";
import { createDispatchWorld } from "../../dispatch/world.ts";

test("a run that cannot be continued any further is left as it was", async () => {
  const world = createDispatchWorld();
  const { runs, tokens } = world.server.runs;
  const first = world.run(await world.trigger(await world.job({ execution_mode: "worker" })));
  const { job_id, project_id, execution_mode, queue_name } = first;
  const last = runs.create({
    job_id,
    project_id,
    execution_mode,
    queue_name,
    triggered_by: "manual",
    lineage_depth: 10,
  });
  const refused = await world.speak(last.id, await tokens.mint(last, 60), "continue");
  expect([refused.status, refused.json.error.message]).toEqual([400, "max lineage depth (10) exceeded"]);
  expect(world.run(last.id)).toMatchObject({ status: "queued", started_at: null });
});
