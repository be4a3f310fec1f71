import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { createCaller } from "../support/call.ts";
import { expectNothingLeft, settled, stopWhenFinished } from "../support/leaks.ts";
import { startTestServer } from "../support/server.ts";

const START = "2026-01-01T00:00:00.000Z";

describe("/__local/clock", () => {
  test("shows the time, moves it forward to a time, and not back", async () => {
    const { call, clock } = await startTestServer();
    expect((await call("GET", "/__local/clock")).json).toEqual({ clock: "virtual", now: START, frozen: true });
    const seen: number[] = [];
    clock.scheduleAt(clock.now() + 60_000, () => void seen.push(clock.now()));
    const reply = await call("POST", "/__local/clock/set", { body: { to: "2026-01-01T01:00:00.000Z" } });
    expect(reply).toMatchObject({ status: 200, json: { now: "2026-01-01T01:00:00.000Z", frozen: true } });
    expect(seen).toEqual([Date.parse(START) + 60_000]);
    const back = await call("POST", "/__local/clock/set", { body: { to: START } });
    expect(back).toMatchObject({ status: 409, json: { error: { message: expect.stringContaining("only a reset") } } });
    expect(await call("POST", "/__local/clock/set", { body: { to: "noon" } })).toMatchObject({ status: 400 });
  });

  test("lets the time pass until it is frozen, and after a reset it stands still", async () => {
    const { call, clock } = await startTestServer();
    for (const end of ["/clock/freeze", "/reset"]) {
      expect((await call("POST", "/__local/clock/resume")).json).toMatchObject({ frozen: false });
      const before = clock.now();
      await settled(() => clock.now() > before);
      await call("POST", `/__local${end}`);
      expect((await call("GET", "/__local/clock")).json).toMatchObject({ frozen: true });
    }
    expect(clock.now()).toBe(Date.parse(START));
  });

  test("runs until every job and run has ended: delays, retries and time-outs", async () => {
    const { call, server } = await startTestServer();
    await call("POST", "/v1/jobs", {
      body: { name: "w", slug: "w", execution_mode: "worker", timeout_secs: 60, max_attempts: 1 },
    });
    const [job] = server.runs.jobs.all();
    const body = { scheduled_at: "2026-01-01T02:00:00Z" };
    await call("POST", `/v1/jobs/${job?.id ?? ""}/trigger`, { body });
    const idle = await call("POST", "/__local/clock/run-until-idle", { body: {} });
    expect(idle).toMatchObject({ status: 200, json: { idle: true } });
    expect(server.runs.runs.countByStatus()).toEqual([expect.objectContaining({ status: "expired" })]);
    const now = Date.parse((idle.json as { now: string }).now);
    expect(now).toBeGreaterThan(Date.parse("2026-01-01T02:00:00Z"));
    expect(now).toBeLessThan(Date.parse("2026-01-01T02:10:00Z"));
  });

  test("runs no longer than it is told to when something does not end", async () => {
    const { call, server } = await startTestServer();
    await call("POST", "/__local/fixtures", {
      body: {
        files: [
          {
            name: "a.yaml",
            text: `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, keep_alive: true, agents: [{ name: echo }] }]
jobs: [{ runner: laptop, agent: echo }]`,
          },
        ],
      },
    });
    const reply = await call("POST", "/__local/clock/run-until-idle", { body: { max: "1h" } });
    expect(reply.json).toEqual({ clock: "virtual", now: "2026-01-01T01:00:00.000Z", frozen: true, idle: false });
    expect(server.opik.jobs.all()).toMatchObject([{ status: "pending" }]);
  });

  test.for(["set", "resume", "freeze", "run-until-idle", "advance"])("%s needs a virtual clock", async (action) => {
    expectNothingLeft();
    const server = createOpikLocal({ config: { database: ":memory:", port: 0 } });
    stopWhenFinished(server);
    const call = createCaller(await server.listen());
    const reply = await call("POST", `/__local/clock/${action}`, { body: { by: "1s", to: "2099-01-01T00:00:00Z" } });
    expect(reply).toMatchObject({ status: 409, json: { error: { message: expect.stringContaining("real time") } } });
    expect((await call("GET", "/__local/clock")).json).toMatchObject({ clock: "system", frozen: false });
  });
});
