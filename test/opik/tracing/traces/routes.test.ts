import { expect, test } from "vitest";
import { startTestServer } from "../../../support/server.ts";

const TRACES = "/v1/private/traces";
const START = "2026-01-01T00:00:01.000001Z";
const MISMATCH = '{"errors":["Project name and workspace name do not match the existing trace"]}';

test("a batch is written and read back to the byte, with all that is computed", async () => {
  const { call, server, seen } = await startTestServer();
  const id = server.ids.uuid();
  const input = '{"b":12345678901234567890,"a":1.0,"__proto__":{},"n":null}';
  const body = `{"traces":[{"id":"${id}","project_name":" Demo ","name":"agent","start_time":"${START}",
    "end_time":"2026-01-01T00:00:02.5Z","input":${input},"output":"text","metadata":{"m":1.0},"tags":["a","b","a"],
    "error_info":{"exception_type":"E","traceback":"t","other":1},"ttft":12.5,"thread_id":"t1","source":"sdk",
    "environment":"ci","last_updated_at":"2026-01-01T00:00:02.500001Z","unknown":1}]}`;
  const written = await call("POST", `${TRACES}/batch`, { body, gzip: true });
  expect([written.status, written.text]).toEqual([204, ""]);
  const read = await call("GET", `${TRACES}/${id}`);
  expect(read.json).toEqual({
    id,
    project_id: server.opik.projects.idByName({ workspace: "default", user: "admin" }, "demo"),
    name: "agent",
    start_time: START,
    end_time: "2026-01-01T00:00:02.500Z",
    duration: 1_499.999,
    input: JSON.parse(input),
    output: "text",
    metadata: { m: 1 },
    tags: ["a", "b"],
    error_info: { exception_type: "E", traceback: "t" },
    ttft: 12.5,
    thread_id: "t1",
    source: "sdk",
    environment: "ci",
    created_at: "2026-01-01T00:00:00.000Z",
    created_by: "admin",
    last_updated_at: "2026-01-01T00:00:02.500001Z",
    last_updated_by: "admin",
    span_count: 0,
    llm_span_count: 0,
    has_tool_spans: false,
    providers: [],
    visibility_mode: "default",
  });
  expect(read.text).toContain(`"input":${input}`);
  expect(seen).toContainEqual({ name: "traces:written", payload: { ids: [id], workspace: "default" } });
});

test("explicit nulls say nothing and erase nothing, but in free-form JSON they are values", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const row = { id, name: "agent", start_time: START, output: { a: 1 }, tags: ["x"] };
  await call("POST", `${TRACES}/batch`, { body: { traces: [row] } });
  const nulls = { project_name: null, name: null, end_time: null, output: null, tags: null, ttft: null };
  expect((await call("PATCH", `${TRACES}/${id}`, { body: nulls })).status).toBe(204);
  const { json } = await call("GET", `${TRACES}/${id}`);
  expect(json).toMatchObject({ name: "agent", output: null, tags: ["x"] });
  expect(json).not.toHaveProperty("metadata");
});

test("an update that comes first makes a trace that its late first row completes", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const update = { end_time: "2026-01-01T00:00:03Z", metadata: { late: true }, tags: ["b"] };
  expect((await call("PATCH", `${TRACES}/${id}`, { body: update })).status).toBe(204);
  const partial = await call("GET", `${TRACES}/${id}`);
  expect(partial.json).toMatchObject({ start_time: "1970-01-01T00:00:00Z", end_time: "2026-01-01T00:00:03Z" });
  expect(partial.json).not.toHaveProperty("duration");

  const row = { id, name: "agent", start_time: START, metadata: { late: false } };
  expect((await call("POST", TRACES, { body: row })).status).toBe(201);
  const expected = { name: "agent", start_time: START, metadata: { late: true }, tags: ["b"], duration: 1_999.999 };
  expect((await call("GET", `${TRACES}/${id}`)).json).toMatchObject(expected);
});

test("one trace can be created once, and never in another project", async () => {
  const { call, server, url } = await startTestServer();
  const id = server.ids.uuid();
  const body = { id, project_name: "one", start_time: START };
  const created = await call("POST", TRACES, { body });
  expect([created.status, created.headers.location]).toEqual([201, `${url}${TRACES}/${id}`]);
  const again = await call("POST", TRACES, { body });
  expect([again.status, again.text]).toEqual([409, '{"errors":["Trace already exists"]}']);
  const moved = await call("POST", TRACES, { body: { ...body, project_name: "two" } });
  expect([moved.status, moved.text]).toEqual([409, MISMATCH]);
  const updated = await call("PATCH", `${TRACES}/${id}`, { body: { project_name: "two" } });
  expect([updated.status, updated.text]).toEqual([409, MISMATCH]);
  const retrieved = await call("POST", "/v1/private/projects/retrieve", { body: { name: "two" } });
  expect(retrieved.status, "a refused write makes no project").toBe(404);
});

test("a trace that is created again with news is the Python SDK's without batching, and is merged", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const start = { id, name: "agent", start_time: START, last_updated_at: "2026-01-01T00:00:01.000002Z" };
  const end = { id, start_time: START, output: { a: 1 }, last_updated_at: "2026-01-01T00:00:01.000003Z" };
  expect((await call("POST", TRACES, { body: start })).status).toBe(201);
  expect((await call("POST", TRACES, { body: start })).status).toBe(409);
  expect((await call("POST", TRACES, { body: end })).status).toBe(201);
  expect((await call("POST", TRACES, { body: start })).status).toBe(409);
  expect((await call("GET", `${TRACES}/${id}`)).json).toMatchObject({ name: "agent", output: { a: 1 } });
});

test("an update counts under a virtual clock, though the clocks of clients are ahead of it", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const row = { id, start_time: START, name: "row", last_updated_at: "2026-01-01T00:00:09Z" };
  await call("POST", `${TRACES}/batch`, { body: { traces: [row] } });
  expect((await call("PATCH", `${TRACES}/${id}`, { body: { name: "update" } })).status).toBe(204);
  expect((await call("GET", `${TRACES}/${id}`)).json).toMatchObject({ name: "update" });
});

test("an update may name its project by id", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  await call("POST", TRACES, { body: { id, project_name: "one", start_time: START } });
  const { project_id } = (await call("GET", `${TRACES}/${id}`)).json as { project_id: string };
  expect((await call("PATCH", `${TRACES}/${id}`, { body: { project_id, name: "n" } })).status).toBe(204);
  const unknown = await call("PATCH", `${TRACES}/${id}`, { body: { project_id: server.ids.uuid() } });
  expect([unknown.status, unknown.text]).toEqual([404, '{"errors":["Project not found"]}']);
});

test.for([
  [{ traces: [] }, 422, '{"errors":["traces size must be between 1 and 1000"]}'],
  [{}, 422, '{"errors":["traces must not be null"]}'],
  [{ traces: [{}] }, 422, '{"errors":["traces[0].startTime must not be null"]}'],
  [
    { traces: [{ start_time: START, project_name: " " }] },
    422,
    '{"errors":["traces[0].projectName must not be blank"]}',
  ],
  [
    { traces: [{ start_time: START }, { id: "00000000-0000-4000-8000-000000000000", start_time: START }] },
    400,
    '{"code":400,"message":"Invalid UUID for id","details":"Trace id must be a version 7 UUID"}',
  ],
] as const)("the batch %j is refused as a whole", async ([body, status, text]) => {
  const { call, seen } = await startTestServer();
  const reply = await call("POST", `${TRACES}/batch`, { body });
  expect([reply.status, reply.text]).toEqual([status, text]);
  expect(seen.filter(({ name }) => !name.startsWith("http:"))).toEqual([]);
  const projects = await call("GET", "/v1/private/projects");
  expect(projects.json).toMatchObject({ total: 0 });
});

test("a batch has at most a thousand rows", async () => {
  const { call } = await startTestServer();
  const rows = (count: number): object => ({ traces: Array.from({ length: count }, () => ({ start_time: START })) });
  const refused = await call("POST", `${TRACES}/batch`, { body: rows(1_001) });
  expect([refused.status, refused.text]).toEqual([422, '{"errors":["traces size must be between 1 and 1000"]}']);
  expect((await call("POST", `${TRACES}/batch`, { body: rows(1_000) })).status).toBe(204);
});

test("a time that is none is unreadable JSON", async () => {
  const { call } = await startTestServer();
  const reply = await call("POST", TRACES, { body: { start_time: "yesterday" } });
  expect(reply.status).toBe(400);
  expect(reply.text).toContain('{"code":400,"message":"Unable to process JSON. ');
});

test("a list is a project's, newest id first, in pages that end", async () => {
  const { call, server } = await startTestServer();
  const ids = Array.from({ length: 3 }, () => server.ids.uuid());
  await call("POST", `${TRACES}/batch`, {
    body: { traces: ids.map((id) => ({ id, project_name: "demo", start_time: START })) },
  });
  await call("POST", TRACES, { body: { project_name: "other", start_time: START } });
  const page = async (query: string): Promise<unknown> => {
    const { content, sortable_by, ...rest } = (await call("GET", `${TRACES}?${query}`)).json as {
      content: Array<{ id: string }>;
      sortable_by: string[];
    };
    expect(sortable_by).toContain("start_time");
    return { ...rest, ids: content.map(({ id }) => id) };
  };
  const [first, second, third] = ids;
  const projectId = server.opik.projects.idByName({ workspace: "default", user: "admin" }, "demo");
  expect(await page("project_name=DEMO&size=2")).toEqual({ page: 1, size: 2, total: 3, ids: [third, second] });
  expect(await page(`project_id=${projectId}&size=2&page=2`)).toEqual({ page: 2, size: 1, total: 3, ids: [first] });
  expect(await page("project_name=demo&size=2&page=3")).toEqual({ page: 3, size: 0, total: 3, ids: [] });
});

test.for([
  ["", 400, "Either 'project_name' or 'project_id' query params must be provided"],
  ["?project_name=none", 404, "Project name: none not found"],
  [
    "?project_id=00000000-0000-7000-8000-000000000000",
    404,
    "Project id: 00000000-0000-7000-8000-000000000000 not found",
  ],
  ["?project_name=none&filters=%5B%7B%7D%5D", 400, "Invalid filters query parameter '[{}]'"],
] as const)("a list with the query %j is refused", async ([query, code, message]) => {
  const { call } = await startTestServer();
  const reply = await call("GET", TRACES + query);
  expect([reply.status, reply.json]).toEqual([code, { code, message }]);
});

test("another workspace has other traces, under the same ids too", async () => {
  const { call, server } = await startTestServer({ workspaces: ["any"] });
  const id = server.ids.uuid();
  const headers = { "comet-workspace": "elsewhere" };
  await call("POST", TRACES, { body: { id, name: "ours", start_time: START } });
  const missing = await call("GET", `${TRACES}/${id}`, { headers });
  expect([missing.status, missing.json]).toEqual([404, { code: 404, message: `Trace id: ${id} not found` }]);
  expect((await call("POST", TRACES, { body: { id, name: "theirs", start_time: START }, headers })).status).toBe(201);
  expect((await call("GET", `${TRACES}/${id}`)).json).toMatchObject({ name: "ours" });
  expect((await call("GET", `${TRACES}/${id}`, { headers })).json).toMatchObject({ name: "theirs" });
});

test("each trace of a page counts its own spans only", async () => {
  const { call, server } = await startTestServer();
  const [first, second, third] = [server.ids.uuid(), server.ids.uuid(), server.ids.uuid()];
  const traces = [first, second, third].map((id) => ({ id, start_time: START }));
  await call("POST", `${TRACES}/batch`, { body: { traces } });
  const span = (trace_id: string, more: object) => ({ id: server.ids.uuid(), trace_id, start_time: START, ...more });
  const spans = [
    span(first, { type: "tool" }),
    span(second, { type: "llm", provider: "b", usage: { total: 2 } }),
    span(second, { type: "llm", provider: "a", usage: { total: 3 } }),
  ];
  await call("POST", "/v1/private/spans/batch", { body: { spans } });
  const page = await call("GET", `${TRACES}?project_name=Default%20Project&size=2`);
  const none = { span_count: 0, llm_span_count: 0, has_tool_spans: false };
  expect((page.json as { content: object[] }).content).toEqual([
    expect.objectContaining({ ...none, id: third }),
    expect.objectContaining({
      id: second,
      span_count: 2,
      llm_span_count: 2,
      has_tool_spans: false,
      usage: { total: 5 },
    }),
  ]);
});
