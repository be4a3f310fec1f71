import { expect, test } from "vitest";
import type { Caller } from "../../../support/call.ts";
import { startTestServer } from "../../../support/server.ts";

const SPANS = "/v1/private/spans";
const TRACES = "/v1/private/traces";
const START = "2026-01-01T00:00:01.000001Z";

async function read(call: Caller, path: string): Promise<Record<string, unknown>> {
  const reply = await call("GET", path);
  expect(reply.status).toBe(200);
  return reply.json as Record<string, unknown>;
}

test("a span comes before its trace, and is read back with all it was given", async () => {
  const { call, server, seen } = await startTestServer();
  const [trace_id, parent_span_id, id] = [server.ids.uuid(), server.ids.uuid(), server.ids.uuid()];
  const span = {
    id,
    trace_id,
    parent_span_id,
    name: "call",
    type: "llm",
    start_time: START,
    end_time: "2026-01-01T00:00:01.500001Z",
    input: [1],
    output: { a: 1 },
    metadata: { m: 1 },
    model: "gpt-4o",
    provider: "openai",
    tags: ["t"],
    usage: { total_tokens: 3, "original_usage.total_tokens": 3 },
    total_estimated_cost: 0.25,
    total_estimated_cost_version: "v1",
  };
  const written = await call("POST", `${SPANS}/batch`, { body: { spans: [span] }, gzip: true });
  expect([written.status, written.text]).toEqual([204, ""]);
  const { total_estimated_cost_version: _, ...kept } = span;
  expect(await read(call, `${SPANS}/${id}`)).toEqual({
    ...kept,
    project_name: "Default Project",
    metadata: { provider: "openai", m: 1 },
    environment: "",
    project_id: server.opik.projects.idByName({ workspace: "default", user: "admin" }, "Default Project"),
    duration: 500,
    created_at: "2026-01-01T00:00:00.000Z",
    created_by: "admin",
    last_updated_at: "2026-01-01T00:00:00Z",
    last_updated_by: "admin",
  });
  expect(seen).toContainEqual({ name: "spans:written", payload: { ids: [id], workspace: "default" } });
});

test("a trace adds its spans up", async () => {
  const { call, server } = await startTestServer();
  const trace_id = server.ids.uuid();
  await call("POST", TRACES, { body: { id: trace_id, start_time: START, metadata: { m: 1 } } });
  const row = { trace_id, start_time: START };
  const spans = [
    { ...row, type: "llm", provider: "openai", usage: { a: 1, b: 2, c: null }, total_estimated_cost: 0.1 },
    { ...row, type: "llm", provider: "anthropic", usage: { a: 10 }, total_estimated_cost: 0.2 },
    { ...row, type: "tool", provider: "openai" },
    { trace_id: server.ids.uuid(), start_time: START, usage: { a: 100 } },
  ];
  expect((await call("POST", `${SPANS}/batch`, { body: { spans } })).status).toBe(204);
  const trace = await call("GET", `${TRACES}/${trace_id}`);
  expect(trace.json).toMatchObject({
    span_count: 3,
    llm_span_count: 2,
    has_tool_spans: true,
    usage: { a: 11, b: 2 },
    total_estimated_cost: 0.3,
    providers: ["anthropic", "openai"],
  });
  expect(trace.text).toContain('"metadata":{"providers":["anthropic","openai"],"m":1}');
});

test("rows and updates of a span make one span", async () => {
  const { call, server } = await startTestServer();
  const [trace_id, id] = [server.ids.uuid(), server.ids.uuid()];
  const update = { trace_id, end_time: "2026-01-01T00:00:02Z", usage: { a: 1 } };
  expect((await call("PATCH", `${SPANS}/${id}`, { body: update })).status).toBe(204);
  expect(await read(call, `${SPANS}/${id}`)).toMatchObject({ start_time: "1970-01-01T00:00:00Z", trace_id });
  const end = { id, trace_id, name: "end", start_time: START, last_updated_at: "2025-12-31T00:00:00.000002Z" };
  const start = { ...end, name: "start", input: { q: 1 }, last_updated_at: "2025-12-31T00:00:00.000001Z" };
  expect((await call("POST", `${SPANS}/batch`, { body: { spans: [end] } })).status).toBe(204);
  expect((await call("POST", `${SPANS}/batch`, { body: { spans: [start] } })).status).toBe(204);
  expect(await read(call, `${SPANS}/${id}`)).toMatchObject({
    name: "end",
    start_time: START,
    end_time: "2026-01-01T00:00:02Z",
    input: { q: 1 },
    usage: { a: 1 },
    last_updated_at: "2026-01-01T00:00:00Z",
  });
});

test("a span that is created again stays as it is, unless it is newer", async () => {
  const { call, server, url } = await startTestServer();
  const [trace_id, id] = [server.ids.uuid(), server.ids.uuid()];
  const created = await call("POST", SPANS, { body: { id, trace_id, name: "one", start_time: START } });
  expect([created.status, created.headers.location]).toEqual([201, `${url}${SPANS}/${id}`]);
  expect((await call("POST", SPANS, { body: { id, trace_id, name: "two", start_time: START } })).status).toBe(201);
  expect(await read(call, `${SPANS}/${id}`)).toMatchObject({ name: "one" });
  const newer = { id, trace_id, name: "two", start_time: START, last_updated_at: "2026-01-01T00:00:00.000001Z" };
  expect((await call("POST", SPANS, { body: newer })).status).toBe(201);
  expect(await read(call, `${SPANS}/${id}`)).toMatchObject({ name: "two" });
});

test.for([
  [{ project_name: "other" }, "Project name and workspace name do not match the existing span"],
  [{ parent_span_id: undefined }, "parent_span_id does not match the existing span"],
  [{ trace_id: "00000000-0000-7000-8000-000000000001" }, "trace_id does not match the existing span"],
] as const)("an update with %j is about another span", async ([difference, error]) => {
  const { call, server } = await startTestServer();
  const [trace_id, parent_span_id, id] = [server.ids.uuid(), server.ids.uuid(), server.ids.uuid()];
  const same = { project_name: "demo", trace_id, parent_span_id };
  await call("POST", SPANS, { body: { ...same, id, start_time: START } });
  expect((await call("PATCH", `${SPANS}/${id}`, { body: { ...same, name: "n" } })).status).toBe(204);
  const reply = await call("PATCH", `${SPANS}/${id}`, { body: { ...same, ...difference } });
  expect([reply.status, reply.json]).toEqual([409, { errors: [error] }]);
});

test.for([
  ["PATCH", "/00000000-0000-7000-8000-000000000000", {}, 422, '{"errors":["traceId must not be null"]}'],
  ["POST", "/batch", { spans: [{ start_time: START }] }, 422, '{"errors":["spans[0].traceId must not be null"]}'],
  ["POST", "/batch", { spans: [] }, 422, '{"errors":["spans size must be between 1 and 1000"]}'],
  [
    "POST",
    "",
    {
      id: "00000000-0000-4000-8000-000000000000",
      trace_id: "00000000-0000-7000-8000-000000000000",
      start_time: START,
    },
    400,
    '{"code":400,"message":"Invalid UUID for id","details":"Span id must be a version 7 UUID"}',
  ],
  [
    "POST",
    "",
    { trace_id: "00000000-0000-7000-8000-000000000000", start_time: START, total_estimated_cost: -1 },
    422,
    '{"errors":["totalEstimatedCost must be greater than or equal to 0.0"]}',
  ],
] as const)("%s %s with %j is refused", async ([method, path, body, status, text]) => {
  const { call } = await startTestServer();
  const reply = await call(method, SPANS + path, { body });
  expect([reply.status, reply.text]).toEqual([status, text]);
});

test("a list is a project's, and can be one trace's or one type's", async () => {
  const { call, server } = await startTestServer();
  const [one, two] = [server.ids.uuid(), server.ids.uuid()];
  const row = { project_name: "demo", start_time: START };
  const spans = [
    { ...row, name: "a", trace_id: one, type: "llm" },
    { ...row, name: "b", trace_id: one, type: "tool" },
    { ...row, name: "c", trace_id: two, type: "llm" },
  ];
  await call("POST", `${SPANS}/batch`, { body: { spans } });
  const names = async (query: string): Promise<unknown> => {
    const { total, content } = await read(call, `${SPANS}?project_name=demo${query}`);
    return [total, (content as Array<{ name: string }>).map(({ name }) => name)];
  };
  expect(await names("")).toEqual([3, ["c", "b", "a"]]);
  expect(await names(`&trace_id=${one}`)).toEqual([2, ["b", "a"]]);
  expect(await names("&type=LLM")).toEqual([2, ["c", "a"]]);
  expect(await names(`&trace_id=${one}&type=llm&size=1`)).toEqual([1, ["a"]]);
});

test("a span that is not there is a 404", async () => {
  const { call, server } = await startTestServer();
  const id = server.ids.uuid();
  const reply = await call("GET", `${SPANS}/${id}`);
  expect([reply.status, reply.json]).toEqual([404, { code: 404, message: `Span id: ${id} not found` }]);
});
