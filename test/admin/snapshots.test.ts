import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";

const FIXTURE = `projects: [{ name: demo }]
runners: [{ name: laptop, project: demo, keep_alive: true, agents: [{ name: echo }] }]
jobs: [{ runner: laptop, agent: echo, inputs: { n: 1.0 } }]`;

async function seed({ call }: TestServer, text = FIXTURE): Promise<void> {
  expect(await call("POST", "/__local/fixtures", { body: { files: [{ name: "a.yaml", text }] } })).toMatchObject({
    status: 200,
  });
}

/** Everything that there is, as an export and as lists show it. */
async function everything({ call }: TestServer): Promise<unknown[]> {
  const paths = [
    "/__local/fixtures",
    "/v1/private/traces?project_name=demo",
    "/v1/runs",
    "/v1/api-keys",
    "/v1/secrets",
  ];
  return Promise.all(paths.map(async (path) => (await call("GET", path)).text));
}

/** A path in a folder that goes with the test. */
function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "opik-local.db");
}

describe("/__local/snapshots", () => {
  test("restores what a server with a file had", async () => {
    const server = await startTestServer({ database: temporaryFile() });
    await seed(server);
    const before = await everything(server);
    await server.call("PUT", "/__local/snapshots/ready");
    await seed(server, "projects: [{ name: another }]");
    expect(await everything(server)).not.toEqual(before);
    expect(await server.call("POST", "/__local/snapshots/ready/restore")).toMatchObject({ status: 200 });
    expect(await everything(server)).toEqual(before);
  });

  test("restores everything as it was: rows, also traces, keys and secrets, and the time", async () => {
    const server = await startTestServer();
    const { call, clock, server: parts } = server;
    await seed(server);
    await call("POST", "/v1/private/traces", {
      body: { project_name: "demo", name: "answer", start_time: "2026-01-01T00:00:00Z", metadata: { big: 1 } },
    });
    await call("POST", "/v1/jobs", { body: { name: "w", slug: "w", execution_mode: "worker" } });
    const [job] = parts.runs.jobs.all();
    await call("POST", `/v1/jobs/${job?.id ?? ""}/trigger`, { body: {} });
    await call("POST", "/v1/secrets", { body: { job_id: job?.id, secret_key: "TOKEN", value: "x" } });
    await clock.advance(60_000);
    const before = await everything(server);
    const taken = await call("PUT", "/__local/snapshots/ready");
    expect(taken).toMatchObject({ status: 200, json: { name: "ready", now: "2026-01-01T00:01:00.000Z" } });
    expect((await call("GET", "/__local/snapshots")).json).toEqual({ snapshots: [taken.json] });

    const runner = parts.opik.runners.all()[0]?.id ?? "";
    await call("POST", `/v1/private/local-runners/${runner}/jobs/next`);
    const poll = call("POST", `/v1/private/local-runners/${runner}/jobs/next`);
    await server.untilPollsHeld(1);
    await call("POST", `/v1/jobs/${job?.id ?? ""}/trigger`, { body: {} });
    await clock.advance(3_600_000);
    expect(await everything(server)).not.toEqual(before);

    const restored = await call("POST", "/__local/snapshots/ready/restore");
    expect(restored).toMatchObject({ status: 200, json: { generation: 2 } });
    expect((await poll).text, "an open poll").toBe("null");
    expect(await everything(server)).toEqual(before);
    expect(clock.now()).toBe(Date.parse("2026-01-01T00:01:00.000Z"));
    // What was made after the snapshot is made again, with other ids.
    expect(await call("POST", `/v1/jobs/${job?.id ?? ""}/trigger`, { body: {} })).toMatchObject({ status: 201 });
    expect(await call("POST", "/__local/snapshots/ready/restore")).toMatchObject({ status: 200 });

    expect(await call("DELETE", "/__local/snapshots/ready")).toMatchObject({ status: 204 });
    expect(await call("POST", "/__local/snapshots/ready/restore")).toMatchObject({
      status: 422,
      json: { error: { message: 'There is no snapshot "ready".' } },
    });
  });

  test("refuses names that cannot be, and more than 20", async () => {
    const { call } = await startTestServer();
    expect(await call("PUT", "/__local/snapshots/a%20b")).toMatchObject({ status: 400 });
    for (let count = 0; count < 20; count += 1) await call("PUT", `/__local/snapshots/s${count}`);
    expect(await call("PUT", "/__local/snapshots/one-more")).toMatchObject({ status: 409 });
    expect(await call("PUT", "/__local/snapshots/s1")).toMatchObject({ status: 200 });
    expect(await call("DELETE", "/__local/snapshots/unknown")).toMatchObject({ status: 422 });
  });
});

describe("/__local/state", () => {
  test("is replaced by a fixture, or stays when that has mistakes", async () => {
    const server = await startTestServer();
    const { call, server: parts } = server;
    await seed(server, "projects: [{ name: other }]");
    const put = (text: string): ReturnType<typeof call> =>
      call("PUT", "/__local/state", { body: { files: [{ name: "a.yaml", text }] } });
    expect(await put("projects: [{ nme: demo }]")).toMatchObject({ status: 422 });
    const names = (): string[] => parts.opik.projects.all().map(({ name }) => name);
    expect(names()).toEqual(["other"]);
    expect(await put(FIXTURE)).toMatchObject({
      status: 200,
      json: { generation: 2, loaded: { projects: { added: 1, changed: 0, unchanged: 0 } } },
    });
    expect(names()).toEqual(["demo"]);
  });

  test("is replaced by what an export has, as it is", async () => {
    const { call } = await startTestServer();
    const fixture =
      '{"projects":[{"name":"demo"}],"jobs":[{"runner":"laptop","agent":"echo","inputs":{"n":1.0}}],"runners":[{"name":"laptop","project":"demo","keep_alive":true,"agents":[{"name":"echo"}]}]}';
    expect((await call("PUT", "/__local/state", { body: fixture })).status).toBe(200);
    const exported = await call("GET", "/__local/fixtures");
    expect(exported.text).toContain('"n":1.0');
    await call("POST", "/v1/private/projects", { body: { name: "later" } });
    expect((await call("PUT", "/__local/state", { body: exported.text })).status).toBe(200);
    expect((await call("GET", "/__local/fixtures")).text).toBe(exported.text);
    const mistaken = await call("POST", "/__local/fixtures", { body: '{"projets":[]}' });
    expect(mistaken).toMatchObject({ status: 422, text: expect.stringContaining("projets") });
  });

  test("is deleted without the fixtures of the start", async () => {
    const server = await startTestServer();
    server.server.loadAtStart(() => [{ name: "start.yaml", text: FIXTURE }]);
    expect(await server.call("DELETE", "/__local/state")).toMatchObject({ status: 200, json: { generation: 2 } });
    expect(server.server.opik.projects.all()).toEqual([]);
    expect(await server.call("POST", "/__local/reset")).toMatchObject({ status: 200, json: { generation: 3 } });
    expect(server.server.opik.projects.all()).toHaveLength(1);
  });
});

test("a write of an older generation is refused after a reset, in the words of its API; reads are answered", async () => {
  const server = await startTestServer();
  const { call } = server;
  const generation = ((await call("POST", "/__local/reset")).json as { generation: number }).generation;
  const headers = { "x-opik-local-generation": String(generation) };
  const write = (): ReturnType<typeof call> =>
    call("POST", "/v1/private/projects", { headers, body: { name: `of generation ${generation}` } });
  expect(await write()).toMatchObject({ status: 201 });
  await call("POST", "/__local/reset");
  const message = `The request belongs to generation ${generation}, but a reset has begun generation ${generation + 1}`;
  expect(await write()).toMatchObject({ status: 409, json: { code: 409, message } });
  const trigger = await call("POST", "/v1/jobs", { headers, body: { name: "a", slug: "a", execution_mode: "worker" } });
  expect(trigger).toMatchObject({ status: 409, json: { error: { message } } });
  expect(await call("GET", "/v1/private/projects", { headers })).toMatchObject({ status: 200 });
  expect(server.server.opik.projects.all()).toEqual([]);
});

test("a server that is part of a program is not stopped by a request", async () => {
  const server = await startTestServer();
  const reply = await server.call("POST", "/__local/stop");
  expect(reply).toMatchObject({
    status: 409,
    json: { error: { message: expect.stringContaining("part of a program") } },
  });
  let asked = 0;
  server.server.onStopRequested = () => void (asked += 1);
  expect(await server.call("POST", "/__local/stop")).toMatchObject({ status: 202, json: { pid: process.pid } });
  expect(asked).toBe(1);
});
