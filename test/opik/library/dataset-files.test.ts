import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RawJson } from "../../../src/core/json.ts";
import { nextTurn } from "../../../src/core/slices.ts";
import type { NewItem } from "../../../src/opik/library/datasets/items/schema.ts";
import type { OpikLocalParts } from "../../../src/server.ts";
import { startTestServer } from "../../support/server.ts";

const OWNER = { workspace: "default", user: "admin" };
const ITEMS = 250;

function temporaryDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), "dataset-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "data.db");
}

/** A dataset with many items: reading them takes several slices. */
function makeDataset({ opik }: OpikLocalParts): string {
  const id = opik.datasets.getOrCreate(OWNER, "many", {});
  const items = Array.from({ length: ITEMS }, (_, index): NewItem => ({
    source: "manual",
    data: RawJson.of({ number: index }),
  }));
  opik.datasetItems.add(OWNER, id, items);
  return id;
}

/** The form with which a CSV file is uploaded to a dataset. */
async function csvForm(id: string, file: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  form.append("file", new Blob([file]));
  form.append("dataset_id", id);
  const request = new Request("http://form.test", { method: "POST", body: form });
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  return { body: Buffer.from(await request.arrayBuffer()), headers };
}

/** Waits until a value is as expected, for as many turns as the work needs. */
async function turnsUntil(isReached: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !isReached(); turns += 1) await nextTurn();
  expect(isReached()).toBe(true);
}

test("one export of a dataset runs at a time, in slices", async () => {
  const { server } = await startTestServer();
  const id = makeDataset(server);
  const exports = server.opik.datasetExports;
  const job = exports.begin(OWNER, id);
  expect(exports.begin(OWNER, id)).toMatchObject({ id: job.id, status: "PENDING" });
  await nextTurn();
  await turnsUntil(() => exports.get(OWNER, job.id).status === "PROCESSING");
  expect(exports.begin(OWNER, id)).toMatchObject({ id: job.id, status: "PROCESSING", dataset_name: "many" });
  await turnsUntil(() => exports.get(OWNER, job.id).status === "COMPLETED");
  const lines = (await new Response(exports.download(OWNER, job.id).content).text()).split("\r\n");
  expect(lines).toHaveLength(ITEMS + 2);
  expect(lines.slice(0, 2)).toEqual(["number", String(ITEMS - 1)]);
});

test("an export that a stop interrupts is finished by the next process", async () => {
  const database = temporaryDatabase();
  const first = await startTestServer({ database });
  const id = makeDataset(first.server);
  const job = first.server.opik.datasetExports.begin(OWNER, id);
  await first.server.stop();
  const { server } = await startTestServer({ database });
  const exports = server.opik.datasetExports;
  await turnsUntil(() => exports.get(OWNER, job.id).status === "COMPLETED");
  expect(readdirSync(`${database}-exports`)).toEqual([job.id]);
  server.reset();
  await turnsUntil(() => readdirSync(`${database}-exports`).length === 0);
});

test("an export that cannot be written fails, and is deleted after a user has seen it", async () => {
  const database = temporaryDatabase();
  writeFileSync(`${database}-exports`, "in the way");
  const { server, call, clock, seen } = await startTestServer({ database });
  const exports = server.opik.datasetExports;
  const { id } = exports.begin(OWNER, makeDataset(server));
  await turnsUntil(() => exports.get(OWNER, id).status === "FAILED");
  const error_message = "Failed to export dataset. Please try again later.";
  expect(exports.get(OWNER, id)).toMatchObject({ error_message, last_updated_by: "system" });
  const { status, json } = await call("GET", `/v1/private/datasets/export-jobs/${id}/download`);
  expect({ status, json }).toEqual({
    status: 400,
    json: { code: 400, message: `Export job '${id}' failed: ${error_message}` },
  });
  expect(seen.filter(({ name }) => name === "server:error")).not.toEqual([]);
  exports.markViewed(OWNER, id);
  await clock.advance(60_000);
  expect(exports.list(OWNER)).toEqual([]);
});

test("an upload that a stop interrupts has failed", async () => {
  const database = temporaryDatabase();
  const first = await startTestServer({ database });
  const id = makeDataset(first.server);
  first.server.opik.datasets.setStatus(OWNER, id, "processing");
  await first.server.stop();
  const { server } = await startTestServer({ database });
  expect(server.opik.datasets.get(OWNER, id).status).toBe("failed");
});

test("an upload and an export whose end cannot be written are reported", async () => {
  const { server, call, seen } = await startTestServer();
  const id = makeDataset(server);
  for (const [table, status] of [
    ["datasets", "completed"],
    ["dataset_export_jobs", "FAILED"],
    ["dataset_export_jobs", "PROCESSING"],
  ] as const) {
    server.database
      .prepare(
        `CREATE TRIGGER refuse_${status} BEFORE UPDATE ON ${table} WHEN NEW.status = '${status}'
         BEGIN SELECT RAISE(ABORT, 'no ${status}'); END`,
      )
      .run();
  }
  await call("POST", "/v1/private/datasets/items/from-csv", await csvForm(id, "a\n1"));
  server.opik.datasetExports.begin(OWNER, id);
  const reported = (): number => seen.filter(({ name }) => name === "server:error").length;
  await turnsUntil(() => reported() === 3);
});

test("the end of an upload is published, with the reason why it failed", async () => {
  const { server, call, seen } = await startTestServer();
  const id = makeDataset(server);
  const upload = async (file: string): Promise<void> => {
    await call("POST", "/v1/private/datasets/items/from-csv", await csvForm(id, file));
    await turnsUntil(() => server.opik.datasets.get(OWNER, id).status !== "processing");
  };
  await upload("a\n1");
  await upload("a,b\n1");
  expect(seen.filter(({ name }) => name === "dataset:upload:ended").map(({ payload }) => payload)).toEqual([
    { id, workspace: "default", status: "completed" },
    { id, workspace: "default", status: "failed", error: "a line has fewer values than the first line has names" },
  ]);
});
