import { expect, test, vi } from "vitest";
import { uuidFromName } from "../../src/core/ids.ts";
import type { Database } from "../../src/database/database.ts";
import { Statement } from "../../src/database/statement.ts";
import { createStraitWorld } from "../strait/world.ts";

/** Counts from now on; the function that is returned ends it and says how many there were. */
function count(database: Database): () => string {
  const methods = (["run", "get", "all", "iterate"] as const).map((name) => vi.spyOn(Statement.prototype, name));
  let transactions = 0;
  database.onCommit(() => (transactions += 1));
  return () => {
    const calls = methods.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    for (const spy of methods) spy.mockRestore();
    // Those that begin and commit a transaction are not counted as statements.
    return `${calls - 2 * transactions} statements, ${transactions} transactions`;
  };
}

/** Does named operations of a cycle one after the other. */
type Cycle = (
  does: (name: string, work: () => Promise<{ status: number; json: unknown }>) => Promise<unknown>,
) => Promise<void>;

/** Counts each operation of a second cycle; the first may read what is kept in memory afterwards. */
async function countsOf(database: Database, cycle: Cycle): Promise<Record<string, string>> {
  const counts: Record<string, string> = {};
  for (let round = 0; round < 2; round += 1) {
    await cycle(async (name, work) => {
      const end = count(database);
      const { status, json } = await work();
      counts[name] = end();
      expect(status, name).toBeLessThan(300);
      return json;
    });
  }
  return counts;
}

test("the statements of a worker's run", async () => {
  await using world = createStraitWorld();
  const jobId = await world.job({ execution_mode: "worker" });
  const counts = await countsOf(world.server.database, async (does) => {
    await does("trigger", () => world.call("POST", `/v1/jobs/${jobId}/trigger`, { payload: { x: 1 } }));
    const next = await does("next", () => world.call("POST", "/__local/runs/next"));
    const { run, run_token } = next as { run: { id: string }; run_token: string };
    const report = (path: string) => () =>
      world.call("POST", `/sdk/v1/runs/${run.id}/${path}`, {}, { authorization: `Bearer ${run_token}` });
    await does("first heartbeat", report("heartbeat"));
    await does("heartbeat", report("heartbeat"));
    await does("complete", report("complete"));
    await does("trigger with an idempotency key", () =>
      world.call("POST", `/v1/jobs/${jobId}/trigger`, {}, { "idempotency-key": `key of ${run.id}` }),
    );
    await does("the same again", () =>
      world.call("POST", `/v1/jobs/${jobId}/trigger`, {}, { "idempotency-key": `key of ${run.id}` }),
    );
    await world.call("POST", "/__local/runs/next");
  });
  expect(counts).toEqual({
    trigger: "2 statements, 1 transactions",
    next: "3 statements, 1 transactions",
    "first heartbeat": "4 statements, 1 transactions",
    heartbeat: "4 statements, 1 transactions",
    complete: "4 statements, 1 transactions",
    "trigger with an idempotency key": "5 statements, 1 transactions",
    "the same again": "1 statements, 0 transactions",
  });
});

test("the statements of an Opik job", async () => {
  await using world = createStraitWorld();
  const [runnerId, projectId] = [uuidFromName("runner"), uuidFromName("project")];
  const owner = { workspace: "default", user: "admin" };
  world.server.opik.runners.activate(owner, { id: runnerId, projectId, type: "endpoint", name: "laptop" });
  const runners = "/v1/private/local-runners";
  await world.call("PUT", `${runners}/${runnerId}/agents`, { echo: {} });
  const counts = await countsOf(world.server.database, async (does) => {
    await does("heartbeat", () => world.call("POST", `${runners}/${runnerId}/heartbeats`, {}));
    await does("create", () => world.call("POST", `${runners}/jobs`, { agent_name: "echo", project_id: projectId }));
    const { id } = (await does("next", () => world.call("POST", `${runners}/${runnerId}/jobs/next`))) as { id: string };
    const result = (status: string) => () => world.call("POST", `${runners}/jobs/${id}/results`, { status });
    await does("running", result("running"));
    await does("logs", () => world.call("POST", `${runners}/jobs/${id}/logs`, [{ stream: "stdout", text: "x" }]));
    await does("completed", result("completed"));
  });
  expect(counts).toEqual({
    heartbeat: "1 statements, 1 transactions",
    create: "3 statements, 1 transactions",
    next: "2 statements, 1 transactions",
    running: "2 statements, 1 transactions",
    logs: "3 statements, 1 transactions",
    completed: "2 statements, 1 transactions",
  });
});
