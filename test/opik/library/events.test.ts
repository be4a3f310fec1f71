import { expect, test } from "vitest";
import { startTestServer } from "../../support/server.ts";

const PRIVATE = "/v1/private";

test("changes of a dataset and of its versions are published", async () => {
  const { call, seen } = await startTestServer();
  await call("PUT", `${PRIVATE}/datasets/items`, {
    body: { dataset_name: "d", items: [{ source: "sdk", data: { a: 1 } }] },
  });
  const reply = await call("POST", `${PRIVATE}/datasets/retrieve`, { body: { dataset_name: "d" } });
  const { id, latest_version } = reply.json as { id: string; latest_version: { version_hash: string } };
  const versions = `${PRIVATE}/datasets/${id}/versions`;
  const hash = `${versions}/hash/${latest_version.version_hash}`;
  await call("PUT", `${PRIVATE}/datasets/${id}`, { body: { name: "e" } });
  await call("PATCH", hash, { body: { change_description: "first" } });
  await call("POST", `${hash}/tags`, { body: { tag: "gold" } });
  for (const tag of ["gold", "none"]) await call("DELETE", `${versions}/${latest_version.version_hash}/tags/${tag}`);
  const updated = { name: "dataset:updated", payload: { id, workspace: "default" } };
  expect(seen.filter(({ name }) => name === "dataset:updated")).toEqual(Array.from({ length: 4 }, () => updated));
});

test("a file that is deleted is published", async () => {
  const { call, server, seen } = await startTestServer();
  const container_id = server.opik.projects.getOrCreate({ workspace: "default", user: "admin" }, "files");
  const entity = { entity_type: "trace", entity_id: server.ids.uuid() };
  const upload = new URLSearchParams({ ...entity, file_name: "a.txt", project_name: "files" }).toString();
  await call("PUT", `${PRIVATE}/attachment/upload?${upload}`, { headers: { "content-type": "text/plain" }, body: "a" });
  const deletion = { ...entity, container_id, file_names: ["a.txt"] };
  for (let times = 0; times < 2; times += 1) await call("POST", `${PRIVATE}/attachment/delete`, { body: deletion });
  const payload = { ...entity, workspace: "default" };
  expect(seen.filter(({ name }) => name === "attachments:written").map((event) => event.payload)).toEqual([
    payload,
    payload,
  ]);
});
