import { expect, test } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { connectOpikLocal, type ConnectedServer, startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { stopWhenFinished } from "../support/leaks.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
};

/** Two workspaces of a server in this process, and two of one over HTTP. */
async function startPairs(): Promise<Array<[TestServer | ConnectedServer, TestServer | ConnectedServer]>> {
  const start = async (): Promise<TestServer> => {
    const opik = await startOpikLocal({ config: { workspaces: ["any"] } });
    stopWhenFinished(opik.server as OpikLocalParts);
    return opik;
  };
  const local = await start();
  const connected = connectOpikLocal((await start()).url);
  return [
    [local.workspace("a"), local.workspace("b")],
    [connected.workspace("a"), connected.workspace("b")],
  ];
}

test("two workspaces of a server do not see each other", async () => {
  for (const [a, b] of await startPairs()) {
    for (const opik of [a, b]) {
      await opik.seed(FIXTURE);
      await opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
    }
    const removed = a.events.next("job:status:changed");
    await b.jobs.create({ agent: "echo", project: "demo" });
    const id = await a.jobs.create({ agent: "echo", project: "demo" });
    expect((await removed).job.id).toBe(id);
    const run = await a.runs.trigger({ job: "deploy" });
    await b.runs.trigger({ job: "deploy" });

    expect((await a.jobs.list()).map((job) => job.id)).toEqual([id]);
    expect((await a.runs.list()).map((one) => one.id)).toEqual([run.id]);
    expect(await a.runners.list()).toHaveLength(1);
    expect((await a.runners.get("laptop"))?.id).not.toBe((await b.runners.get("laptop"))?.id);

    await a.faults.add({ method: "POST", path: "/v1/private/traces", status: 503 });
    expect(await b.faults.list()).toEqual([]);
    const write = ({ workspaceName, apiUrl }: { workspaceName: string; apiUrl: string }): Promise<Response> =>
      fetch(`${apiUrl}/v1/private/traces`, {
        method: "POST",
        headers: { "comet-workspace": workspaceName, "content-type": "application/json" },
        body: JSON.stringify({ project_name: "demo", name: "answer", start_time: "2026-01-01T00:00:00Z" }),
      });
    expect((await write(a)).status).toBe(503);
    expect((await write(b)).status).toBe(201);
    expect(await a.traces.list()).toEqual([]);
    expect(await b.traces.list()).toHaveLength(1);
    expect(await a.requests.count({ path: "/v1/private/traces" })).toBe(1);
    await a.requests.clear();
    expect(await a.requests.count({ path: "/v1/private/traces" })).toBe(0);
    expect(await b.requests.count({ path: "/v1/private/traces" })).toBe(1);
    await b.faults.clear();
    expect(await a.faults.list()).toHaveLength(1);

    await a.reset();
    expect(await a.runners.list()).toEqual([]);
    expect(await a.faults.list()).toEqual([]);
    expect(await b.jobs.list()).toHaveLength(1);
  }
});

test("an SDK is pointed to a workspace by its environment", async () => {
  for (const [a] of await startPairs()) {
    expect(a.environment).toMatchObject({
      OPIK_LOCAL_URL: a.url,
      OPIK_URL_OVERRIDE: a.apiUrl,
      OPIK_WORKSPACE: "a",
      OPIK_API_KEY: "opik-local",
    });
  }
});

test("a server has only the workspaces of its settings", async () => {
  const opik = await startOpikLocal({ listen: false });
  stopWhenFinished(opik.server as OpikLocalParts);
  expect(() => opik.workspace("a")).toThrow(
    'The server has no workspace "a": start it with config: { workspaces: ["any"] } to have all.',
  );
  expect(opik.workspace("default").workspaceName).toBe("default");
});

test("a stop of a workspace stops the server", async () => {
  const opik = await startOpikLocal({ config: { workspaces: ["any"] }, listen: false });
  await opik.workspace("a").stop();
  expect(() => opik.jobs.list()).toThrow("This test server was stopped");
});
