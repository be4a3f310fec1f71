import { expect, test } from "vitest";
import { nextTurn } from "../../../src/core/slices.ts";
import { startTestServer } from "../../support/server.ts";

const PRIVATE = "/v1/private";
const OWNER = { workspace: "default", user: "admin" };

test("experiments and optimizations are found by a part of a name in any case, also beyond ASCII", async () => {
  const { call } = await startTestServer();
  await call("POST", `${PRIVATE}/experiments`, { body: { name: "Été 2026", dataset_name: "ÉTAT" } });
  const optimization = { name: "Été 2026", dataset_name: "ÉTAT", objective_name: "q", status: "running" };
  await call("POST", `${PRIVATE}/optimizations`, { body: optimization });
  const lists = ["experiments?name=", "optimizations?name=", "optimizations?dataset_name="];
  const found = async (path: string, part: string): Promise<unknown> =>
    ((await call("GET", `${PRIVATE}/${path}${encodeURIComponent(part)}`)).json as { total: number }).total;
  for (const list of lists) expect([list, await found(list, "ÉT"), await found(list, "ét")]).toEqual([list, 1, 1]);
});

test("a thing is found by a name with half a character", async () => {
  const { call } = await startTestServer();
  const half = String.raw`{"name":"a\ud800b","dataset_name":"a\ud800b","template":"x","project_name":"other"}`;
  const json = { "content-type": "application/json" };
  await call("POST", `${PRIVATE}/datasets`, { headers: json, body: half.replace("other", "one") });
  await call("POST", `${PRIVATE}/prompts`, { headers: json, body: half.replace("other", "one") });
  for (const path of ["datasets/retrieve", "prompts/versions/retrieve"]) {
    const reply = await call("POST", `${PRIVATE}/${path}`, { headers: json, body: half });
    expect([reply.status, reply.headers["x-opik-deprecation"]]).toEqual([
      200,
      expect.stringContaining("'a%EF%BF%BDb' was found via workspace-wide search"),
    ]);
  }
});

test("the name of a dataset's file is cut between characters", async () => {
  const { call, server } = await startTestServer();
  const letters = "x".repeat(99);
  const id = server.opik.datasets.getOrCreate(OWNER, `${letters}😀`, {});
  const job = server.opik.datasetExports.begin(OWNER, id);
  for (let turns = 0; turns < 100; turns += 1) await nextTurn();
  const reply = await call("GET", `${PRIVATE}/datasets/export-jobs/${job.id}/download`);
  expect([reply.status, reply.headers["content-disposition"]]).toEqual([200, `attachment; filename="${letters}.csv"`]);
});

test.each(["text/plain\nx-other: 1", "text/中", ""])("a file of the type %j is downloaded", async (mime_type) => {
  const { call, server } = await startTestServer();
  const container_id = server.opik.projects.getOrCreate(OWNER, "files");
  const file = { entity_type: "trace", entity_id: server.ids.uuid(), file_name: "a.bin" };
  const upload = new URLSearchParams({ ...file, mime_type, project_name: "files" }).toString();
  await call("PUT", `${PRIVATE}/attachment/upload?${upload}`, {
    headers: { "content-type": "application/octet-stream" },
    body: "bytes",
  });
  const query = new URLSearchParams({ ...file, container_id, mime_type: "x" }).toString();
  const reply = await call("GET", `${PRIVATE}/attachment/download?${query}`);
  expect([reply.status, reply.text, reply.headers["content-type"]]).toEqual([200, "bytes", "application/octet-stream"]);
});
