import { expect, test } from "vitest";
import type { Caller } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";

const PRIVATE = "/v1/private";
const PROJECT = { project_name: "p" };
const START = "2026-01-01T00:00:01Z";

async function read(call: Caller, path: string, query: Record<string, string>): Promise<unknown> {
  return (await call("GET", `${PRIVATE}/${path}?${new URLSearchParams(query).toString()}`)).json;
}

test("threads are searched by their id, messages and tags, in lists and statistics, and leave fields out", async () => {
  const { call } = await startTestServer();
  for (const thread_id of ["one", "two"]) {
    const trace = {
      ...PROJECT,
      thread_id,
      start_time: START,
      input: { q: `ask ${thread_id}` },
      output: { a: "Ärger" },
    };
    await call("POST", `${PRIVATE}/traces`, { body: trace });
  }
  const list = (search: string, more = {}) =>
    read(call, "traces/threads", { ...PROJECT, search, exclude: '["first_message","status"]', ...more });
  for (const search of ["TWO", "ask two"])
    expect(await list(search)).toMatchObject({ total: 1, content: [{ id: "two" }] });
  expect(await list("ärger")).toMatchObject({ total: 2 });
  expect(await list("nowhere")).toMatchObject({ total: 0 });
  const [shown = {}] = ((await list("two")) as { content: object[] }).content;
  expect(Object.keys(shown)).toContain("last_message");
  expect(Object.keys(shown)).not.toContain("first_message");
  expect(Object.keys(shown)).not.toContain("status");
  expect(await read(call, "traces/threads/stats", { ...PROJECT, search: "two" })).toMatchObject({
    stats: expect.arrayContaining([{ name: "thread_count", value: 1, type: "COUNT" }]) as unknown,
  });
});

test("statistics of traces are those of an annotation queue, or of a span of time", async () => {
  const { call, clock, server } = await startTestServer();
  const ids = [server.ids.uuid()];
  await clock.advance(3_600_000);
  ids.push(server.ids.uuid());
  for (const id of ids) await call("POST", `${PRIVATE}/traces`, { body: { ...PROJECT, id, start_time: START } });
  const queue = server.ids.uuid();
  await call("POST", `${PRIVATE}/annotation-queues`, {
    body: { id: queue, project_id: queue, name: "review", scope: "trace" },
  });
  await call("POST", `${PRIVATE}/annotation-queues/${queue}/items/add`, { body: { ids: ids.slice(1) } });
  expect(await read(call, "traces/stats", { ...PROJECT, annotation_queue_id: queue })).toMatchObject({
    stats: expect.arrayContaining([{ name: "trace_count", value: 1, type: "COUNT" }]) as unknown,
  });
  const between = new Date(clock.now() - 60_000).toISOString();
  const counted = async (query: Record<string, string>): Promise<unknown> =>
    ((await read(call, "projects/stats", { name: "p", ...query })) as { content: Array<{ trace_count: number }> })
      .content[0]?.trace_count;
  expect([await counted({}), await counted({ from_time: between }), await counted({ to_time: between })]).toEqual([
    2, 1, 1,
  ]);
});

test("datasets are filtered, also by a prompt of their experiments, and experiments by having a project", async () => {
  const { call } = await startTestServer();
  await call("POST", `${PRIVATE}/prompts/versions`, { body: { name: "q", version: { template: "x" } } });
  const version = (await call("POST", `${PRIVATE}/prompts/versions/retrieve`, { body: { name: "q" } })).json as {
    id: string;
    prompt_id: string;
  };
  const experiment = { name: "e", dataset_name: "with prompt", prompt_version: { id: version.id } };
  await call("POST", `${PRIVATE}/experiments`, { body: experiment });
  await call("POST", `${PRIVATE}/experiments`, { body: { ...PROJECT, name: "f", dataset_name: "tagged" } });
  await call("POST", `${PRIVATE}/datasets`, { body: { name: "other", tags: ["gold"] } });
  const names = async (path: string, query: Record<string, string>): Promise<unknown> =>
    ((await read(call, path, query)) as { content: Array<{ name: string }> }).content.map(({ name }) => name);
  expect(await names("datasets", { prompt_id: version.prompt_id })).toEqual(["with prompt"]);
  const filters = (field: string, operator: string, value: string) => ({
    filters: JSON.stringify([{ field, operator, value }]),
  });
  expect(await names("datasets", filters("tags", "contains", "GOLD"))).toEqual(["other"]);
  expect(await names("datasets", filters("name", "starts_with", "with"))).toEqual(["with prompt"]);
  expect(await names("experiments", { project_deleted: "true" })).toEqual(["e"]);
});

test("names of scores are those of a type of spans, or of the experiments of a project", async () => {
  const { call, server } = await startTestServer();
  const trace_id = server.ids.uuid();
  const score = (id: string, name: string) => ({ id, name, value: 1, source: "sdk", ...PROJECT });
  for (const type of ["llm", "tool"]) {
    const id = server.ids.uuid();
    await call("POST", `${PRIVATE}/spans`, { body: { ...PROJECT, id, trace_id, type, start_time: START } });
    await call("PUT", `${PRIVATE}/spans/feedback-scores`, { body: { scores: [score(id, `of ${type}`)] } });
  }
  expect(await read(call, "spans/feedback-scores/names", { type: "tool" })).toEqual({ scores: [{ name: "of tool" }] });
  const experiment_id = server.ids.uuid();
  await call("POST", `${PRIVATE}/experiments`, { body: { id: experiment_id, ...PROJECT, dataset_name: "d" } });
  const item = { experiment_id, dataset_item_id: server.ids.uuid(), trace_id };
  await call("POST", `${PRIVATE}/experiments/items`, { body: { experiment_items: [item] } });
  await call("PUT", `${PRIVATE}/traces/feedback-scores`, { body: { scores: [score(trace_id, "mine")] } });
  const named = (project_id: string) => read(call, "experiments/feedback-scores/names", { project_id });
  const project = server.opik.projects.getOrCreate({ workspace: "default", user: "admin" }, "p");
  expect(await named(project)).toEqual({ scores: [{ name: "mine" }] });
  expect(await named(experiment_id)).toEqual({ scores: [] });
});
