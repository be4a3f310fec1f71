import { describe, expect, test } from "vitest";
import type { Activity } from "../../src/admin/activity/schema.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const FIXTURE = `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, keep_alive: true, agents: [{ name: echo }] }]
jobs:
  - { runner: laptop, agent: echo, inputs: { text: long }, status: running }
  - { runner: laptop, agent: echo, status: failed, error: "no", completed_at: "2025-12-31T23:58:30Z" }
  - { runner: laptop, agent: echo, status: failed, error: "old", completed_at: "2025-12-31T20:00:00Z" }
  - { runner: laptop, agent: echo, status: completed, result: { a: 1 }, completed_at: "2025-12-31T23:58:59Z" }
`;

async function start(): Promise<TestServer & { read(workspace?: string): Promise<Activity> }> {
  const server = await startTestServer({ workspaces: ["default", "other"] });
  const files = [{ name: "a.yaml", text: FIXTURE }];
  expect(await server.call("POST", "/__local/fixtures", { body: { files } })).toMatchObject({ status: 200 });
  return {
    ...server,
    read: async (workspace) => {
      const reply = await server.call("GET", "/__local/activity", { headers: { "comet-workspace": workspace } });
      expect(reply.status).toBe(200);
      return reply.json as Activity;
    },
  };
}

describe("GET /__local/activity", () => {
  test("counts what ended in each minute, and lists what runs, what failed in the last hour and what is new", async () => {
    const { read } = await start();
    const { minutes, jobs } = await read();
    expect(minutes).toHaveLength(60);
    expect(minutes.at(-1)).toEqual({ time: "2026-01-01T00:00:00.000Z", ended: 0, failed: 0 });
    expect(minutes.filter(({ ended }) => ended > 0)).toEqual([
      { time: "2025-12-31T23:58:00.000Z", ended: 2, failed: 1 },
    ]);
    expect(jobs.running).toEqual([
      expect.objectContaining({ agent_name: "echo", status: "running", input: '{"text":"long"}' }),
    ]);
    expect(jobs.failed.map(({ error }) => error)).toEqual(["no"]);
    expect(jobs.newest.map(({ status }) => status)).toEqual(["completed", "failed", "failed", "running"]);
  });

  test("shows each workspace its own jobs", async () => {
    const { read } = await start();
    const { minutes, jobs } = await read("other");
    expect(minutes.filter(({ ended }) => ended > 0)).toEqual([]);
    expect(jobs).toEqual({ running: [], failed: [], newest: [] });
  });

  test("counts and lists runs of all projects", async () => {
    const { call, read } = await start();
    const job = await call("POST", "/v1/jobs", {
      body: { name: "w", slug: "w", execution_mode: "worker", project_id: "p" },
      headers: { "x-project-id": "p" },
    });
    const { id } = job.json as { id: string };
    const run = await call("POST", `/v1/jobs/${id}/trigger`, {
      body: { payload: { a: 1 } },
      headers: { "x-project-id": "p" },
    });
    const { runs } = await read();
    expect(runs.newest).toEqual([
      expect.objectContaining({ id: (run.json as { id: string }).id, status: "queued", input: '{"a":1}' }),
    ]);
  });

  test("reads only the beginning of large inputs", async () => {
    const { call, read } = await start();
    const { jobs } = await read();
    const body = { agent_name: "echo", project_id: jobs.newest[0]!.project_id, inputs: { text: "x".repeat(100_000) } };
    expect(await call("POST", "/v1/private/local-runners/jobs", { body })).toMatchObject({ status: 201 });
    expect((await read()).jobs.newest[0]!.input).toHaveLength(160);
  });

  test("counts what ended in a minute that is over, as soon as it is written or deleted", async () => {
    const { call, read, server } = await start();
    const files = [
      {
        name: "b.yaml",
        text: `${FIXTURE}  - { runner: laptop, agent: echo, status: completed, completed_at: "2025-12-31T23:58:58Z" }`,
      },
    ];
    const counted = async (): Promise<unknown> => (await read()).minutes.filter(({ ended }) => ended > 0);
    const minute = { time: "2025-12-31T23:58:00.000Z", ended: 2, failed: 1 };
    expect(await counted()).toEqual([minute]);
    expect(await call("POST", "/__local/fixtures", { body: { files } })).toMatchObject({ status: 200 });
    expect(await counted()).toEqual([{ ...minute, ended: 3 }]);
    server.database.prepare("DELETE FROM jobs WHERE status = 'completed'").run();
    expect(await counted()).toEqual([{ ...minute, ended: 1 }]);
    server.reset();
    expect(await counted()).toEqual([]);
  });
});

describe("GET /__local/bridge", () => {
  test("lists the commands of a runner, newest first, and refuses a query without one", async () => {
    const { call, read } = await start();
    const runner = (await read()).jobs.newest[0]!.runner_id;
    expect((await call("GET", `/__local/bridge?runner=${runner}`)).json).toEqual({ commands: [] });
    expect(await call("GET", "/__local/bridge")).toMatchObject({ status: 400 });
    expect(await call("GET", "/__local/bridge?runner=nobody")).toMatchObject({ status: 404 });
  });
});

describe("GET /__local/settings", () => {
  test("shows where each setting came from, and hides secrets", async () => {
    const { call } = await startTestServer({ workspaces: ["default"], apiKey: "sesame" });
    const reply = await call("GET", "/__local/settings", { headers: { authorization: "sesame" } });
    const { settings } = reply.json as { settings: Array<{ name: string; value: string; source: string }> };
    expect(settings.find(({ name }) => name === "workspaces")).toMatchObject({ value: "default", source: "program" });
    expect(settings.find(({ name }) => name === "durability")).toMatchObject({ value: "normal", source: "default" });
    expect(settings.find(({ name }) => name === "apiKey")).toMatchObject({ value: "********" });
  });
});
