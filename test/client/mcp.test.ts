import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal, type StartOptions, type TestServer } from "../../src/testing/index.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [
    {
      name: "laptop",
      project: "demo",
      keep_alive: true,
      agents: [{ name: "echo", description: "Repeats a text", params: [{ name: "text", type: "str" }] }],
    },
  ],
  executor_projects: [{ id: "shop", name: "Shop" }],
  executor_jobs: [
    {
      project: "shop",
      name: "Deploy",
      slug: "deploy",
      definition: { execution_mode: "worker", queue_name: "releases" },
    },
  ],
};

interface Answer {
  /** The JSON of the tool; its text when it is none. */
  value: unknown;
  isError: boolean;
}

/** A job or run in an answer. */
interface Work {
  job: { id: string };
  run: { id: string };
  waiting_for: unknown;
}

interface World {
  opik: TestServer;
  client: Client;
  tool(name: string, input?: Record<string, unknown>): Promise<Answer>;
}

async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

async function start(options: StartOptions = {}): Promise<World> {
  const opik = await startOpikLocal({ fixtures: FIXTURE, ...options });
  onTestFinished(() => opik.stop());
  const client = await connect(opik.url);
  return {
    opik,
    client,
    tool: async (name, input = {}) => {
      const { content, isError = false } = await client.callTool({ name, arguments: input });
      const [part] = content;
      const text = part?.type === "text" ? part.text : "";
      return { value: isError ? text : JSON.parse(text), isError };
    },
  };
}

describe("the Model Context Protocol", () => {
  test("lists the tools with their arguments and effects", async () => {
    const { client } = await start();
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name).toSorted();
    expect(names).toEqual([
      ...["advance_time", "cancel_job", "explain", "find_requests", "get_job", "get_run", "get_trace", "list_agents"],
      ...["list_executor_jobs", "list_jobs", "list_runners", "list_runs", "list_traces", "run_job", "send_event"],
      "trigger_run",
    ]);
    const run = tools.find(({ name }) => name === "run_job");
    expect(run?.inputSchema).toMatchObject({
      type: "object",
      required: ["agent"],
      properties: { agent: { type: "string", description: "Name of the agent, as list_agents has it" } },
    });
    expect(run?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false, openWorldHint: false });
    expect(tools.every(({ description = "" }) => description.length > 20)).toBe(true);
  });

  test("runs a job and reads it with its logs and its trace", async () => {
    const { opik, tool } = await start();
    const runner = await opik.runners.connect({ agents: ["shout"], project: "demo" });
    const done = (async () => {
      for await (const job of runner.jobs()) {
        await job.log("shouting\n");
        await job.complete({ text: "HELLO" });
        return job.id;
      }
      throw new Error("The runner ended without a job");
    })();
    const { value } = await tool("run_job", { agent: "shout", inputs: { text: "hello" } });
    expect(value).toMatchObject({
      job: { id: await done, status: "completed", inputs: { text: "hello" }, result: { text: "HELLO" } },
      logs: ["shouting\n"],
    });
    expect(value).not.toHaveProperty("waiting_for");
    expect((await tool("get_job", { job: "last" })).value).toEqual(value);
    expect((await tool("list_jobs", { status: "completed" })).value).toMatchObject([{ agent_name: "shout" }]);
    expect((await tool("list_jobs", { status: "failed" })).value).toEqual([]);
  });

  test("says what a job waits for that has not ended in time", async () => {
    const { tool } = await start();
    const { value } = await tool("run_job", { agent: "echo", wait_seconds: 0.05 });
    expect(value).toMatchObject({
      job: { status: "pending" },
      logs: [],
      waiting_for: { kind: "job", status: "pending" },
    });
    expect((await tool("explain", { id: "last" })).value).toEqual((value as Work).waiting_for);
    const cancelled = await tool("cancel_job", { job: (value as Work).job.id });
    expect(cancelled.value).toMatchObject({ id: (value as Work).job.id, status: "cancelled" });
  });

  test("keeps numbers as agents have written them", async () => {
    const { opik, client } = await start();
    const id = opik.jobs.create({ agent: "echo", project: "demo" });
    const next = `/v1/private/local-runners/${opik.runners.get("laptop")?.id ?? ""}/jobs/next`;
    await opik.server.request(next, { method: "POST" });
    const body = '{"status":"completed","result":{"score":1.0,"big":12345678901234567890}}';
    const headers = { "content-type": "application/json" };
    await opik.server.request(`/v1/private/local-runners/jobs/${id}/results`, { method: "POST", body, headers });
    const { content } = await client.callTool({ name: "get_job", arguments: { job: id } });
    expect(content).toMatchObject([{ text: expect.stringContaining('{"score":1.0,"big":12345678901234567890}') }]);
  });

  test("lists agents with their parameters, and runners", async () => {
    const { tool } = await start();
    expect((await tool("list_agents")).value).toMatchObject([
      {
        name: "echo",
        params: [{ name: "text", type: "str" }],
        project: "demo",
        runner: "laptop",
        runner_status: "connected",
      },
    ]);
    expect((await tool("list_runners", { project: "demo" })).value).toMatchObject([
      { name: "laptop", agents: ["echo"] },
    ]);
  });

  test("reads a trace with its spans", async () => {
    const { opik, tool } = await start();
    const trace = { id: "01975f64-7a00-7000-8000-000000000001", name: "answer", project_name: "demo" };
    const span = { id: "01975f64-7a00-7000-8000-000000000002", trace_id: trace.id, name: "call", type: "llm" };
    const headers = { "content-type": "application/json" };
    const start_time = "2026-01-01T00:00:00Z";
    for (const [path, body] of [
      ["traces/batch", { traces: [{ ...trace, start_time }] }],
      ["spans/batch", { spans: [{ ...span, project_name: "demo", start_time }] }],
    ] as const) {
      const answer = await opik.server.request(`/v1/private/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers,
      });
      expect(answer.status).toBe(204);
    }
    expect((await tool("list_traces")).value).toMatchObject([{ id: trace.id, name: "answer" }]);
    const { value } = await tool("get_trace", { trace: "answer" });
    expect(value).toMatchObject({ trace: { id: trace.id }, spans: [{ name: "call", type: "llm" }] });
  });

  test("triggers a run, sends the event that it waits for, and reads its history", async () => {
    const { opik, tool } = await start();
    const triggered = await tool("trigger_run", { job: "deploy", payload: { version: "1.4.2" }, wait_seconds: 0 });
    expect(triggered.value).toMatchObject({
      run: { payload: { version: "1.4.2" }, triggered_by: "manual" },
      waiting_for: { kind: "run" },
    });
    const { id } = (triggered.value as Work).run;
    expect((await tool("list_runs")).value).toMatchObject([{ id }]);
    expect((await tool("list_executor_jobs")).value).toMatchObject([{ slug: "deploy" }]);
    expect((await tool("get_run", { run: "last" })).value).toMatchObject({ run: { id } });
    expect(await tool("send_event", { event_key: "approve" })).toMatchObject({ isError: true });
    expect(opik.runs.get(id)?.status).toBe("queued");
  });

  test("advances time", async () => {
    const { opik, tool } = await start();
    const before = opik.clock.now();
    expect((await tool("advance_time", { by: "16s" })).isError).toBe(false);
    expect(opik.clock.now() - before).toBe(16_000);
  });

  test("refuses to advance real time, names what does not exist, and wrong arguments", async () => {
    const { tool } = await start({ clock: "system" });
    expect(await tool("advance_time", { by: "16s" })).toEqual({
      isError: true,
      value: "This server runs on real time, which cannot be moved: start one with --clock virtual",
    });
    expect(await tool("get_job", { job: "nope" })).toEqual({ isError: true, value: "There is no job nope." });
    expect(await tool("run_job", { agent: "nope" })).toEqual({
      isError: true,
      value: "No runner has the agent nope. The only agent is echo.",
    });
    const wrong = await tool("list_jobs", { status: "done" });
    expect(wrong).toMatchObject({ isError: true, value: expect.stringContaining("status") });
  });

  test("finds requests of clients, and not its own", async () => {
    const { opik, tool } = await start();
    await fetch(`${opik.url}/v1/private/nowhere`);
    const { value } = await tool("find_requests", { matched: false });
    expect(value).toMatchObject([{ method: "GET", path: "/v1/private/nowhere", status: 404 }]);
    expect((await tool("find_requests", { path: "/mcp" })).value).toEqual([]);
  });

  test("serves the OpenAPI document and the state as resources", async () => {
    const { client } = await start();
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["opik-local://openapi.json", "opik-local://state"]);
    const read = async (uri: string): Promise<unknown> => {
      const { contents } = await client.readResource({ uri });
      return JSON.parse((contents[0] as { text: string }).text);
    };
    expect(await read("opik-local://openapi.json")).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
    expect(await read("opik-local://state")).toMatchObject({ projects: [{ name: "demo" }] });
  });

  test("works in the workspace that the client names", async () => {
    const opik = await startOpikLocal({ config: { workspaces: ["any"] } });
    onTestFinished(() => opik.stop());
    const headers = { "content-type": "application/json", "comet-workspace": "mine" };
    await opik.server.request("/v1/private/projects", { method: "POST", headers, body: '{"name":"secret plans"}' });
    const runner = { agents: ["echo"], project: "secret plans" };
    await opik.workspace("mine").runners.connect(runner);
    const list = async (workspace: string): Promise<unknown> => {
      const client = await connect(opik.url, { "comet-workspace": workspace });
      const { content } = await client.callTool({ name: "list_agents", arguments: {} });
      return JSON.parse((content[0] as { text: string }).text);
    };
    expect(await list("mine")).toMatchObject([{ name: "echo", project: "secret plans" }]);
    expect(await list("yours")).toEqual([]);
  });

  test("requires the key, and works with it", async () => {
    const opik = await startOpikLocal({ fixtures: FIXTURE, config: { apiKey: "s3cret" } });
    onTestFinished(() => opik.stop());
    await expect(connect(opik.url)).rejects.toThrow();
    const client = await connect(opik.url, { authorization: "s3cret" });
    const { content } = await client.callTool({ name: "list_runs", arguments: {} });
    expect(content).toEqual([{ type: "text", text: "[]" }]);
  });

  test("refuses web pages of other origins, and methods without a meaning", async () => {
    const opik = await startOpikLocal();
    onTestFinished(() => opik.stop());
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const foreign = { ...headers, origin: "http://evil.example" };
    expect((await fetch(`${opik.url}/mcp`, { method: "POST", body, headers: foreign })).status).toBe(403);
    expect((await fetch(`${opik.url}/mcp`, { method: "POST", body, headers })).status).toBe(200);
    expect((await fetch(`${opik.url}/mcp`)).status).toBe(405);
  });
});
