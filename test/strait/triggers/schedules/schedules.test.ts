import { expect, test } from "vitest";
import { createStraitWorld } from "../../world.ts";

const MINUTE = 60_000;
const EVERY_MINUTE = { cron: "* * * * *", execution_mode: "worker" };

test("a schedule makes no run over the job's rate", async () => {
  await using world = createStraitWorld();
  await world.job({ ...EVERY_MINUTE, rate_limit_max: 1, rate_limit_window_secs: 150 });
  await world.clock.advance(4 * MINUTE);
  const { json } = await world.call("GET", "/v1/runs");
  const times = json.data.map(({ created_at }: { created_at: string }) => created_at);
  expect(times).toEqual(["2026-01-01T00:04:00Z", "2026-01-01T00:01:00Z"]);
});

test("a scheduled run has the job's tags and time to live, and no other", async () => {
  await using world = createStraitWorld();
  const tags = { team: "tea" };
  await world.job({ ...EVERY_MINUTE, tags, default_run_metadata: { a: "b" }, run_ttl_secs: 90 });
  await world.clock.advance(MINUTE);
  const { json } = await world.call("GET", "/v1/runs");
  expect(json.data).toMatchObject([{ tags, expires_at: "2026-01-01T00:02:30Z" }]);
  expect(json.data[0]).not.toHaveProperty("metadata");
});

test("a run that replaces the one before cancels what that has spawned", async () => {
  await using world = createStraitWorld();
  const child = await world.job({ slug: "child", execution_mode: "worker", queue_name: "children" });
  await world.job({ ...EVERY_MINUTE, cron_overlap_policy: "cancel_running" });
  await world.clock.advance(MINUTE);
  const { run, run_token } = (await world.call("POST", "/__local/runs/next")).json;
  const authorization = `Bearer ${run_token}`;
  const spawned = await world.call("POST", `/sdk/v1/runs/${run.id}/spawn`, { job_slug: "child" }, { authorization });
  expect(spawned.json).toMatchObject({ job_id: child, status: "queued" });
  await world.clock.advance(MINUTE);
  const errorOf = async (id: string): Promise<unknown> => {
    const { status, error } = (await world.call("GET", `/v1/runs/${id}`)).json;
    return [status, error];
  };
  expect(await errorOf(run.id)).toEqual(["canceled", "canceled by cron overlap policy: cancel_running"]);
  expect(await errorOf(spawned.json.id)).toEqual(["canceled", "parent canceled by cron overlap policy"]);
});
