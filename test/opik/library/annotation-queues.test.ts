import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

const QUEUES = "/v1/private/annotation-queues";
const ID = "0198c3a0-0000-7000-8000-000000000001";
const ITEM = "0198c3a0-0000-7000-8000-000000000002";

test("items of annotation queues are kept as long as traces, and their events are sent", async () => {
  const { call, clock, seen } = await startTestServer({ traceTtlMs: 3_600_000 });
  const queue = { id: ID, project_id: ID, name: "review", scope: "trace" };
  await call("POST", QUEUES, { body: queue });
  await call("POST", `${QUEUES}/${ID}/items/add`, { body: { ids: [ITEM] } });
  await call("POST", `${QUEUES}/${ID}/items/add`, { body: { ids: [ITEM] } });
  const counted = async (): Promise<unknown> => (await call("GET", `${QUEUES}/${ID}`)).json;
  expect(await counted()).toMatchObject({ items_count: 1 });
  await clock.advance(3_660_000);
  expect(await counted()).toMatchObject({ items_count: 0, name: "review" });
  await call("POST", `${QUEUES}/delete`, { body: { ids: [ID] } });
  const workspace = "default";
  expect(seen.filter(({ name }) => name.startsWith("annotation-queues:"))).toEqual([
    { name: "annotation-queues:written", payload: { ids: [ID], workspace } },
    { name: "annotation-queues:items:changed", payload: { id: ID, workspace } },
    { name: "annotation-queues:deleted", payload: { ids: [ID], workspace } },
  ]);
});

test("an item is locked by as many users as annotators are missing", async () => {
  const { call, server } = await startTestServer();
  await call("POST", QUEUES, {
    body: { id: ID, project_id: ID, name: "review", scope: "trace", annotators_per_item: 2 },
  });
  // The server knows one user; the rules know more.
  const lock = (user: string): boolean =>
    server.opik.annotationQueues.lock({ workspace: "default", user }, ID, ITEM).acquired;
  expect(["one", "two", "three", "one"].map(lock)).toEqual([true, true, false, true]);
  expect((await call("GET", `${QUEUES}/${ID}/locks`)).json).toEqual({
    locks: { [ITEM]: { active_locks: 2, locked_by: ["one", "two"] } },
  });
});
