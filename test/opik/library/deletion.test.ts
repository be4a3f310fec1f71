import { expect, test, vi } from "vitest";
import { nextTurn } from "../../../src/core/slices.ts";
import { startTestServer } from "../../support/server.ts";

const PRIVATE = "/v1/private";
const OWNER = { workspace: "default", user: "admin" };
const START = "2026-01-01T00:00:01Z";
const MANY = 1_200;

test("a dataset and an experiment go with the last of their items", async () => {
  const { call, server, seen } = await startTestServer();
  const { ids, database } = server;
  await call("POST", `${PRIVATE}/experiments`, { body: { id: ids.uuid(), name: "e", dataset_name: "d" } });
  const list = async (kind: string): Promise<string> =>
    ((await call("GET", `${PRIVATE}/${kind}`)).json as { content: Array<{ id: string }> }).content[0]?.id ?? "";
  const [dataset_id, experiment_id] = [await list("datasets"), await list("experiments")];
  for (let count = 0; count < MANY; count += 600) {
    const items = Array.from({ length: 600 }, () => ({ source: "sdk", data: { a: 1 } }));
    await call("PUT", `${PRIVATE}/datasets/items`, { body: { dataset_id, items } });
    const runs = items.map(() => ({ experiment_id, dataset_item_id: ids.uuid(), trace_id: ids.uuid() }));
    await call("POST", `${PRIVATE}/experiments/items`, { body: { experiment_items: runs } });
  }
  const left = (table: string): unknown => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  const deletions = [
    {
      kind: "experiments",
      items: "experiment_items",
      begin: () => server.opik.experiments.delete(OWNER, [experiment_id]),
    },
    {
      kind: "datasets",
      items: "dataset_items",
      begin: () => server.opik.datasetItems.deleteDatasets(OWNER, [dataset_id]),
    },
  ];
  for (const { kind, items, begin } of deletions) {
    const deleting = begin();
    // What a stop would leave after the first slice can be deleted again.
    expect([kind, left(kind), left(items)]).toEqual([kind, 1, MANY - 500]);
    await deleting;
    expect([kind, left(kind), left(items)]).toEqual([kind, 0, 0]);
  }
  expect(seen.filter(({ name }) => name.endsWith("deleted"))).toEqual([
    { name: "experiments:deleted", payload: { ids: [experiment_id], workspace: "default" } },
    { name: "dataset:deleted", payload: { id: dataset_id, workspace: "default" } },
  ]);
});

test("files and results of assertions go with their trace and its spans", async () => {
  const { call, server } = await startTestServer();
  const [trace_id, id] = [server.ids.uuid(), server.ids.uuid()];
  await call("POST", `${PRIVATE}/traces`, { body: { id: trace_id, start_time: START } });
  await call("POST", `${PRIVATE}/spans`, { body: { id, trace_id, start_time: START } });
  for (const [entity_type, entity_id] of [
    ["trace", trace_id],
    ["span", id],
  ] as const) {
    const query = new URLSearchParams({ entity_type, entity_id, file_name: "a.txt" }).toString();
    const headers = { "content-type": "text/plain" };
    await call("PUT", `${PRIVATE}/attachment/upload?${query}`, { headers, body: "a" });
    const results = [{ entity_id, name: "is polite", status: "passed", source: "sdk" }];
    await call("PUT", `${PRIVATE}/assertion-results`, { body: { entity_type, assertion_results: results } });
  }
  const count = (table: string): unknown => server.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  expect([count("attachments"), count("assertion_results")]).toEqual([2, 2]);
  await call("DELETE", `${PRIVATE}/traces/${trace_id}`);
  await nextTurn();
  expect([count("attachments"), count("assertion_results")]).toEqual([0, 0]);
});

test("results of assertions are kept as long as traces", async () => {
  const { call, clock, server } = await startTestServer({ traceTtlMs: 3_600_000 });
  const results = [{ entity_id: server.ids.uuid(), name: "is polite", status: "passed", source: "sdk" }];
  await call("PUT", `${PRIVATE}/assertion-results`, { body: { entity_type: "TRACE", assertion_results: results } });
  const count = (): unknown => server.database.prepare("SELECT count(*) FROM assertion_results").pluck().get();
  expect(count()).toBe(1);
  await clock.advance(3_660_000);
  expect(count()).toBe(0);
});

test("a trace that is written while its thread is deleted keeps the thread", async () => {
  const { call, server } = await startTestServer();
  const trace = { thread_id: "chat", start_time: START };
  await call("POST", `${PRIVATE}/traces`, { body: trace });
  const { traces } = server.opik;
  const deleteTraces = traces.delete.bind(traces);
  vi.spyOn(traces, "delete").mockImplementation(async (...which) => {
    await deleteTraces(...which);
    await call("POST", `${PRIVATE}/traces`, { body: trace });
  });
  const body = { project_name: "Default Project", thread_ids: ["chat"] };
  expect((await call("POST", `${PRIVATE}/traces/threads/delete`, { body })).status).toBe(204);
  const listed = await call("GET", `${PRIVATE}/traces/threads?project_name=Default%20Project`);
  expect(listed.json).toMatchObject({ total: 1, content: [{ id: "chat", number_of_messages: 2 }] });
});
