import { describe, expect, test } from "vitest";
import { createStraitWorld, type StraitWorld } from "../../world.ts";

const HOUR = 3_600_000;
const NINE_TO_FIVE = { execution_window_cron: "* 9-16 * * *", timeout_secs: 60 };

async function triggered(world: StraitWorld, jobId: string, body: Record<string, unknown> = {}) {
  const { json } = await world.call("POST", `/v1/jobs/${jobId}/trigger`, body);
  return (await world.call("GET", `/v1/runs/${json.id}`)).json;
}

/** It is midnight in Greenwich. */
describe("a trigger outside of its job's execution window", () => {
  test("is delayed into it, and may take as long as it may from there", async () => {
    await using world = createStraitWorld();
    const run = await triggered(world, await world.job({ ...NINE_TO_FIVE, execution_mode: "worker" }));
    expect(run).toMatchObject({ status: "delayed", scheduled_at: "2026-01-01T09:00:00Z" });
    expect(run.expires_at).toBe("2026-01-01T09:02:00Z");
    await world.clock.advance(9 * HOUR);
    expect((await world.call("GET", `/v1/runs/${run.id}`)).json.status).toBe("queued");
  });

  test.for([
    [{ timezone: "Asia/Tokyo" }, {}, undefined],
    [{ timezone: "America/New_York" }, {}, "2026-01-01T14:00:00Z"],
    [{}, { scheduled_at: "2026-01-01T16:59:59Z" }, "2026-01-01T16:59:59Z"],
    [{}, { scheduled_at: "2026-01-01T17:00:00Z" }, "2026-01-02T09:00:00Z"],
    [{ execution_window_cron: "0 0 1 6 *" }, {}, "2026-06-01T00:00:00Z"],
    [{ execution_window_cron: "0 0 31 2 *" }, {}, undefined],
    [{ execution_window_cron: "" }, {}, undefined],
  ] as const)("with %j asked for with %j starts at %s", async ([definition, body, scheduledAt]) => {
    await using world = createStraitWorld();
    const run = await triggered(world, await world.job({ ...NINE_TO_FIVE, ...definition }), body);
    expect(run.scheduled_at).toBe(scheduledAt);
  });

  test("that never comes is delayed until it expires (T7)", async () => {
    await using world = createStraitWorld();
    const definition = { ...NINE_TO_FIVE, execution_window_cron: "0 0 31 2 *", execution_mode: "worker" };
    const run = await triggered(world, await world.job(definition));
    expect(run).toMatchObject({ status: "delayed", expires_at: "2026-01-01T00:02:00Z" });
    await world.clock.advance(HOUR);
    expect((await world.call("GET", `/v1/runs/${run.id}`)).json).toMatchObject({
      status: "expired",
      error: "run expired",
    });
  });

  test("is shown by a dry run, and each of many is delayed", async () => {
    await using world = createStraitWorld();
    const jobId = await world.job(NINE_TO_FIVE);
    const dry = await world.call("POST", `/v1/jobs/${jobId}/trigger`, { dry_run: true });
    expect(dry.json).toMatchObject({ scheduled_at: "2026-01-01T09:00:00Z", expires_at: "2026-01-01T09:02:00Z" });
    const items = [{}, { scheduled_at: "2026-01-01T12:00:00Z" }];
    await world.call("POST", `/v1/jobs/${jobId}/trigger/bulk`, { items });
    const runs = (await world.call("GET", "/v1/runs")).json.data as Array<{ scheduled_at: string }>;
    expect(runs.map(({ scheduled_at }) => scheduled_at).toSorted()).toEqual([
      "2026-01-01T09:00:00Z",
      "2026-01-01T12:00:00Z",
    ]);
  });
});

test.for([
  [{ debounce_window_secs: 60 }, "debounce"],
  [{ batch_window_secs: 60 }, "batch"],
  [{ cron: "1 * * * *" }, "cron"],
] as const)("what is made later, by %j, does not ask for the window", async ([definition, triggeredBy]) => {
  await using world = createStraitWorld();
  const jobId = await world.job({ ...NINE_TO_FIVE, ...definition, execution_mode: "worker" });
  if (triggeredBy !== "cron") await world.call("POST", `/v1/jobs/${jobId}/trigger`, {});
  await world.clock.advance(60_000);
  const { json } = await world.call("GET", "/v1/runs");
  expect(json.data).toMatchObject([{ triggered_by: triggeredBy, status: "queued" }]);
});
