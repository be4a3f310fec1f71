import { expect, test } from "vitest";
import { expectStatus } from "../../../support/pairing.ts";
import { startTestServer, type TestServer } from "../../../support/server.ts";

const PRIVATE = "/v1/private";
const MINUTE = 60_000;

/** A server with a trace of a thread and a span, each with a score and a comment. */
async function startScored(config: Parameters<typeof startTestServer>[0] = {}) {
  const testServer = await startTestServer(config);
  const { call, server } = testServer;
  const [trace, span] = [server.ids.uuid(), server.ids.uuid()];
  const write = async (): Promise<void> => {
    const start_time = "2026-01-01T00:00:00Z";
    const common = { project_name: "demo", start_time };
    expectStatus(await call("POST", `${PRIVATE}/traces`, { body: { id: trace, ...common, thread_id: "talk" } }), 201);
    expectStatus(await call("POST", `${PRIVATE}/spans`, { body: { id: span, ...common, trace_id: trace } }), 201);
  };
  await write();
  const score = { name: "quality", value: 1, source: "sdk", project_name: "demo" };
  for (const [path, thing] of [
    ["traces", { id: trace }],
    ["spans", { id: span }],
    ["traces/threads", { thread_id: "talk" }],
  ] as const) {
    const body = { scores: [{ ...score, ...thing }] };
    expectStatus(await call("PUT", `${PRIVATE}/${path}/feedback-scores`, { body }), 204);
  }
  for (const path of [`traces/${trace}`, `spans/${span}`, `traces/threads/${await modelOf(testServer)}`]) {
    expectStatus(await call("POST", `${PRIVATE}/${path}/comments`, { body: { text: "hm" } }), 201);
  }
  return { ...testServer, trace, span, write };
}

async function modelOf({ call }: Pick<TestServer, "call">): Promise<string> {
  const body = { project_name: "demo", thread_id: "talk" };
  const reply = expectStatus(await call("POST", `${PRIVATE}/traces/threads/retrieve`, { body }), 200);
  return (reply.json as { thread_model_id: string }).thread_model_id;
}

/** How many rows there are of scores, comments and threads. */
function counts({ server }: Pick<TestServer, "server">): number[] {
  return ["feedback_scores", "comments", "trace_threads"].map(
    (table) => server.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? -1,
  );
}

test("a trace that is deleted takes the scores and comments of itself and its spans along", async () => {
  const world = await startScored();
  expect(counts(world)).toEqual([3, 3, 1]);
  expectStatus(await world.call("DELETE", `${PRIVATE}/traces/${world.trace}`), 204);
  await world.write();
  expect((await world.call("GET", `${PRIVATE}/traces/${world.trace}`)).json).not.toHaveProperty("feedback_scores");
  expect((await world.call("GET", `${PRIVATE}/spans/${world.span}`)).json).not.toHaveProperty("comments");
  expect(counts(world)).toEqual([1, 1, 1]);
});

test("a thread that is deleted takes its scores and comments along", async () => {
  const world = await startScored();
  const body = { project_name: "demo", thread_ids: ["talk"] };
  expectStatus(await world.call("POST", `${PRIVATE}/traces/threads/delete`, { body }), 204);
  expect(counts(world)).toEqual([0, 0, 0]);
});

test("scores, comments and threads are kept as long as traces", async () => {
  const world = await startScored({ traceTtlMs: 5 * MINUTE });
  await world.clock.advance(5 * MINUTE - 1);
  expect(counts(world)).toEqual([3, 3, 1]);
  await world.clock.advance(2 * MINUTE);
  expect(counts(world)).toEqual([0, 0, 0]);
});

test("another workspace has other scores and threads under the same ids", async () => {
  const world = await startScored({ workspaces: ["any"] });
  const headers = { "comet-workspace": "other" };
  const body = { id: world.trace, project_name: "demo", start_time: "2026-01-01T00:00:00Z" };
  expectStatus(await world.call("POST", `${PRIVATE}/traces`, { body, headers }), 201);
  expect((await world.call("GET", `${PRIVATE}/traces/${world.trace}`, { headers })).json).not.toHaveProperty(
    "feedback_scores",
  );
  const threads = await world.call("GET", `${PRIVATE}/traces/threads?project_name=demo`, { headers });
  expect(threads.json).toMatchObject({ total: 0 });
  expect((await world.call("GET", `${PRIVATE}/traces/feedback-scores/names`, { headers })).json).toEqual({
    scores: [],
  });
});

test("a reset leaves none", async () => {
  const world = await startScored();
  expectStatus(await world.call("POST", "/__local/reset"), 200);
  expect(counts(world)).toEqual([0, 0, 0]);
});

test("what changes is emitted, with the ids", async () => {
  const { seen, trace, span } = await startScored();
  const emitted = seen.filter(({ name }) => /^(?:feedback-scores|comments):/.test(name));
  expect(emitted.map(({ name, payload }) => [name, payload])).toMatchObject([
    ["feedback-scores:changed", { entity: "trace", ids: [trace], workspace: "default" }],
    ["feedback-scores:changed", { entity: "span", ids: [span] }],
    ["feedback-scores:changed", { entity: "thread" }],
    ["comments:changed", { entity: "trace", ids: [trace] }],
    ["comments:changed", { entity: "span", ids: [span] }],
    ["comments:changed", { entity: "thread" }],
  ]);
});
