import { describe, expect, onTestFinished, test } from "vitest";
import { SystemClock } from "../../src/core/clock.ts";
import { createOpikLocal } from "../../src/server.ts";
import { createCaller } from "../support/call.ts";
import { expectNothingLeft, settled, stopWhenFinished } from "../support/leaks.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

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

  test("publishes each change, after what became due", async () => {
    const { call, clock, server } = await startTestServer();
    const seen: string[] = [];
    const remove = server.events.on("clock:changed", ({ now, frozen }) =>
      seen.push(`${now} ${frozen ? "frozen" : "passes"}`),
    );
    clock.scheduleAt(clock.now() + 1_000, () => seen.push("due"));
    await call("POST", "/__local/clock/advance", { body: { by: "1m" } });
    expect(seen).toEqual(["due", "2026-01-01T00:01:00.000Z frozen"]);
    await call("POST", "/__local/clock/resume");
    await call("POST", "/__local/clock/freeze");
    expect(seen.slice(2)).toEqual([expect.stringMatching(/passes$/), expect.stringMatching(/frozen$/)]);
    const refused = await call("POST", "/__local/clock/set", { body: { to: START } });
    expect([refused.status, seen.length]).toEqual([409, 4]);
    remove();
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

  test("runs no longer than requested when something does not end", async () => {
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

  test.for(["2026-02-30T00:00:00Z", "2026-06-01T00:00:00+01", "2026-06-01T00:00:00Z ", "+010000-01-01T00:00:00Z"])(
    "cannot be set to %j",
    async (to) => {
      const { call, clock } = await startTestServer();
      expect(await call("POST", "/__local/clock/set", { body: { to } })).toMatchObject({ status: 400 });
      expect(clock.now()).toBe(Date.parse(START));
    },
  );

  test("goes no further than the year 9999, and by a thousand years at most", async () => {
    const { call, clock } = await startTestServer();
    clock.reset(Date.parse("9999-12-31T23:59:59Z"));
    for (const by of ["1s", "365250d", "365251d", "99999999999999999999d"]) {
      expect(await call("POST", "/__local/clock/advance", { body: { by } })).toMatchObject({ status: 400 });
    }
    const idle = await call("POST", "/__local/clock/run-until-idle", { body: { max: "365250d" } });
    expect(idle).toMatchObject({ status: 200, json: { now: "9999-12-31T23:59:59.000Z", idle: true } });
    const last = await call("POST", "/__local/clock/advance", { body: { by: "999ms" } });
    expect(last).toMatchObject({ status: 200, json: { now: "9999-12-31T23:59:59.999Z" } });
    expect(await call("POST", "/v1/private/projects", { body: { name: "late" } })).toMatchObject({ status: 201 });
  });

  test("stops where it is set back while it is advanced", async () => {
    const { call, clock } = await startTestServer();
    const advanced = call("POST", "/__local/clock/advance", { body: { by: "365250d" } });
    await settled(() => clock.now() > Date.parse(START));
    await call("POST", "/__local/reset");
    expect(await advanced).toMatchObject({
      status: 409,
      json: { error: { message: "The clock was reset meanwhile" } },
    });
    expect(clock.now()).toBe(Date.parse(START));
  });

  test("stays where it is when the client that advances it has gone, and publishes the time", async () => {
    const { url, clock, server } = await startTestServer();
    const published: string[] = [];
    const remove = server.events.on("clock:changed", ({ now }) => published.push(now));
    const controller = new AbortController();
    const advanced = fetch(`${url}/__local/clock/advance`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ by: "365250d" }),
      signal: controller.signal,
    });
    await settled(() => clock.now() > Date.parse(START));
    controller.abort();
    await expect(advanced).rejects.toThrow();
    await settled(() => published.length > 0);
    expect(clock.now()).toBeLessThan(Date.parse("2027-01-01T00:00:00Z"));
    expect(published).toEqual([new Date(clock.now()).toISOString()]);
    remove();
  });

  describe("with settle", () => {
    const FILES = [
      {
        name: "a.yaml",
        text: `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, agents: [{ name: echo }] }]`,
      },
    ];

    /** An agent that polls as the SDKs do: the next poll follows the answer in real time. */
    async function startAgent(
      work: (job: { id: string }) => Promise<unknown>,
      pauseMs = 0,
    ): Promise<TestServer & { polls: number[] }> {
      const started = await startTestServer();
      const { call, clock, server } = started;
      await call("POST", "/__local/fixtures", { body: { files: FILES } });
      const path = `/v1/private/local-runners/${server.opik.runners.all()[0]?.id ?? ""}/jobs/next`;
      const end = new AbortController();
      onTestFinished(() => {
        end.abort();
        return settled(() => server.openPolls.count === 0);
      });
      const polls: number[] = [];
      const poll = async (): Promise<void> => {
        while (!end.signal.aborted) {
          polls.push(clock.now());
          const { json } = await call("POST", path, { signal: end.signal });
          if (json !== null) await work(json as { id: string });
          await new Promise<void>((resolve) => new SystemClock().schedule(pauseMs, resolve));
        }
      };
      poll().catch(() => undefined);
      await settled(() => server.openPolls.count === 1);
      return { ...started, polls };
    }

    test("an agent polls again each time, and stays connected without heartbeats", async () => {
      const { call, server, polls, clock } = await startAgent(async () => undefined);
      const start = clock.now();
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "61s", settle: true } });
      expect(reply.json).toMatchObject({ now: "2026-01-01T00:01:01.000Z", settled: true });
      const interval = server.config.nextJobPollTimeoutMs;
      expect(polls).toEqual(
        Array.from({ length: Math.floor(61_000 / interval) + 1 }, (_, at) => start + at * interval),
      );
      const [runner] = server.opik.runners.all();
      expect(runner && server.opik.runners.isConnected(runner)).toBe(true);
      await call("POST", "/__local/clock/advance", { body: { by: "16s" } });
      expect(runner && server.opik.runners.isConnected(runner)).toBe(false);
    });

    test("an agent that has registered and not polled yet is waited for", async () => {
      const { call, server } = await startTestServer();
      await call("POST", "/__local/fixtures", { body: { files: FILES } });
      const path = `/v1/private/local-runners/${server.opik.runners.all()[0]?.id ?? ""}`;
      await call("PUT", `${path}/agents`, { body: { echo: {} } });
      const end = new AbortController();
      onTestFinished(() => {
        end.abort();
        return settled(() => server.openPolls.count === 0);
      });
      // As an SDK that takes a moment from its registration to its first poll.
      new SystemClock().schedule(50, () => void repeatPolls());
      const repeatPolls = async (): Promise<void> => {
        while (!end.signal.aborted) {
          await call("POST", `${path}/jobs/next`, { signal: end.signal }).catch(() => undefined);
        }
      };
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "20s", settle: true } });
      expect(reply.json).toMatchObject({ settled: true });
      expect(server.openPolls.count).toBe(1);
      const [runner] = server.opik.runners.all();
      expect(runner && server.opik.runners.isConnected(runner)).toBe(true);
    });

    test("a registered agent that does not poll is waited for once, and runners of fixtures never", async () => {
      const { call, server } = await startTestServer();
      await call("POST", "/__local/fixtures", { body: { files: FILES } });
      const [runner] = server.opik.runners.all();
      const id = runner?.id ?? "";
      expect(server.opik.jobs.expectedPolls.has(id)).toBe(false);
      const onDemand = { "x-opik-local-polls-on-demand": "true" };
      await call("PUT", `/v1/private/local-runners/${id}/agents`, { body: { echo: {} }, headers: onDemand });
      expect(server.opik.jobs.expectedPolls.has(id)).toBe(false);
      await call("PUT", `/v1/private/local-runners/${id}/agents`, { body: { echo: {} } });
      expect(server.opik.jobs.expectedPolls.has(id)).toBe(true);
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "1s", settle: true } });
      expect(reply.json).toMatchObject({ now: "2026-01-01T00:00:01.000Z", settled: true });
      expect(server.opik.jobs.expectedPolls.has(id)).toBe(false);
    });

    test("an agent that was about to poll again after a jump is waited for", async () => {
      const { call, server } = await startAgent(async () => undefined, 50);
      // Its poll is answered, and the time goes on for much longer than a poll lasts.
      await call("POST", "/__local/clock/advance", { body: { by: "1h" } });
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "1s", settle: true } });
      expect(reply.json).toMatchObject({ settled: true });
      expect(server.openPolls.count).toBe(1);
    });

    test("a job that an agent works on has ended, however far the time moves", async () => {
      const agent = await startAgent(async ({ id }) => {
        await new Promise<void>((resolve) => new SystemClock().schedule(30, resolve));
        await agent.call("POST", `/v1/private/local-runners/jobs/${id}/results`, { body: { status: "completed" } });
      });
      const { call, server } = agent;
      const body = { agent_name: "echo", project_id: server.opik.projects.all()[0]?.id };
      await call("POST", "/v1/private/local-runners/jobs", { body });
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "40m", settle: true } });
      expect(reply.json).toMatchObject({ settled: true });
      expect(server.opik.jobs.all()).toMatchObject([{ status: "completed" }]);
      await call("POST", "/v1/private/local-runners/jobs", { body });
      const idle = await call("POST", "/__local/clock/run-until-idle", { body: { settle: true } });
      expect(idle.json).toMatchObject({ idle: true });
      expect(server.opik.jobs.all()).toMatchObject([{ status: "completed" }, { status: "completed" }]);
    });

    test("an agent that takes too long is not waited for", async () => {
      const { call, server } = await startAgent(() => new Promise(() => undefined));
      const body = { agent_name: "echo", project_id: server.opik.projects.all()[0]?.id };
      await call("POST", "/v1/private/local-runners/jobs", { body });
      const reply = await call("POST", "/__local/clock/advance", { body: { by: "31m", settle: true } });
      expect(reply.json).toMatchObject({ now: "2026-01-01T00:31:00.000Z", settled: false });
      expect(server.opik.jobs.all()).toMatchObject([{ status: "failed" }]);
    });
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
