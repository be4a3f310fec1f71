import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { EXPORT_REQUEST } from "../../../../src/opik/tracing/otel/messages.ts";
import type { Caller } from "../../../support/call.ts";
import { startTestServer } from "../../../support/server.ts";

const PATH = "/v1/private/otel/v1/traces";
const TRACE_ID = Buffer.from("5b8efff798038103d269b633813fc60c", "hex");
const PROTOBUF = { "content-type": "application/x-protobuf", projectName: "agents" };

function spanOf(number: number, more: object = {}): object {
  return {
    trace_id: TRACE_ID,
    span_id: Buffer.from([0, 0, 0, 0, 0, 0, number >> 8, number & 255]),
    name: `span ${number}`,
    start_time_unix_nano: String(1_767_225_601_000_000_000n + BigInt(number)),
    end_time_unix_nano: "1767225602000000000",
    ...more,
  };
}

function protobufOf(...spans: object[]): Buffer {
  const message = EXPORT_REQUEST.fromObject({ resource_spans: [{ scope_spans: [{ spans }] }] });
  return Buffer.from(EXPORT_REQUEST.encode(message).finish());
}

async function list(call: Caller, kind: "traces" | "spans"): Promise<{ total: number; content: unknown[] }> {
  const { json } = await call("GET", `/v1/private/${kind}?project_name=agents`);
  return json as { total: number; content: unknown[] };
}

test("the ids of a trace and its spans come from OpenTelemetry's and the time at which the trace began", async () => {
  const { call, seen } = await startTestServer();
  const parent_span_id = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
  const reply = await call("POST", PATH, {
    headers: PROTOBUF,
    body: protobufOf(spanOf(1), spanOf(2, { parent_span_id })),
  });
  expect([reply.status, reply.text]).toEqual([200, ""]);
  // The time, then the beginning of the SHA-256 of the id's bytes, with the version and the variant of a UUIDv7.
  const trace_id = "019b76da-abe8-7c4b-aaa2-e4ea076c6c6d";
  const root = "019b76da-abe8-7d26-a215-4e6d76b2b2b9";
  const child = "019b76da-abe8-7d04-a475-4498e06db5a1";
  expect(await list(call, "traces")).toMatchObject({ total: 1, content: [{ id: trace_id }] });
  expect(await list(call, "spans")).toMatchObject({
    content: expect.arrayContaining([
      expect.objectContaining({ id: root, trace_id }),
      expect.objectContaining({ id: child, trace_id, parent_span_id: root }),
    ]) as unknown,
  });
  expect(seen).toContainEqual({ name: "traces:written", payload: { ids: [trace_id], workspace: "default" } });
});

test("a compressed request of more spans than are written at once is written as a whole", async () => {
  const { call } = await startTestServer();
  const parent_span_id = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
  const spans = Array.from({ length: 1200 }, (_, index) => spanOf(index + 1, index === 0 ? {} : { parent_span_id }));
  const headers = { ...PROTOBUF, "content-encoding": "gzip" };
  const reply = await call("POST", PATH, { headers, body: gzipSync(protobufOf(...spans)) });
  expect(reply.status).toBe(200);
  expect(await list(call, "traces")).toMatchObject({ total: 1, content: [{ name: "span 1", span_count: 1200 }] });
  expect((await list(call, "spans")).total).toBe(1200);
});

test("of many spans without a parent the first describes the trace", async () => {
  const { call } = await startTestServer();
  const spans = Array.from({ length: 600 }, (_, index) => spanOf(index + 1));
  await call("POST", PATH, { headers: PROTOBUF, body: protobufOf(...spans) });
  expect(await list(call, "traces")).toMatchObject({ total: 1, content: [{ name: "span 1" }] });
});

test("tokens of a span that its children have counted do not count twice", async () => {
  const { call } = await startTestServer();
  const usage = { key: "gen_ai.usage.input_tokens", value: { int_value: "5" } };
  const parent_span_id = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
  const body = protobufOf(spanOf(1, { attributes: [usage] }), spanOf(2, { parent_span_id, attributes: [usage] }));
  await call("POST", PATH, { headers: PROTOBUF, body });
  expect(await list(call, "traces")).toMatchObject({ content: [{ usage: { prompt_tokens: 5 } }] });
});

test("the ids of traces are forgotten with the traces", async () => {
  const { call, clock, server } = await startTestServer({ traceTtlMs: 3_600_000 });
  await call("POST", PATH, { headers: PROTOBUF, body: protobufOf(spanOf(1)) });
  const count = (): unknown => server.database.prepare("SELECT count(*) FROM otel_traces").pluck().get();
  expect(count()).toBe(1);
  await clock.advance(3_660_000);
  expect(count()).toBe(0);
});

test("a project that was deleted and made again has other traces", async () => {
  const { call } = await startTestServer();
  const send = () => call("POST", PATH, { headers: PROTOBUF, body: protobufOf(spanOf(1)) });
  await send();
  await call("POST", "/v1/private/projects/delete", { body: { ids: [await projectId(call)] } });
  expect((await send()).status).toBe(200);
  expect(await list(call, "traces")).toMatchObject({ total: 1 });
});

async function projectId(call: Caller): Promise<string> {
  const { json } = await call("POST", "/v1/private/projects/retrieve", { body: { name: "agents" } });
  return (json as { id: string }).id;
}
