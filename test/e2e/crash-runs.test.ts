import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, hang, startExecutor } from "../strait/dispatch/executor.ts";
import { createCaller } from "../support/call.ts";
import { expectStatus } from "../support/pairing.ts";
import { brokenRules } from "./support/database-rules.ts";
import { RunLoad } from "./support/run-load.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const KILLS = 12;
/** A server is killed at the latest after it has acknowledged this many writes. */
const MOST_WRITES = 40;
const SETTINGS = { STALE_THRESHOLD: "2s", REAPER_INTERVAL: "1s", HEARTBEAT_INTERVAL: "1s" };

test("after each of 12 kills under load, every acknowledged run is there, and in the end all are completed", async () => {
  const database = join(temporaryFolder(), "opik-local.db");
  let server = await startServerProcess(database, undefined, SETTINGS);
  const call = createCaller(server.url);
  const webhook = await startExecutor(answer(200));
  const executor = await startExecutor(hang);
  const body = { name: "job", slug: "job", endpoint_url: executor.url, webhook_url: webhook.url, max_attempts: 20 };
  const job = expectStatus(await call("POST", "/v1/jobs", { body }), 201).json as { id: string };
  const load = new RunLoad(call, job.id);
  executor.behave((asked, response) => load.execute(asked, response));

  for (const [kill, writes] of fc.sample(fc.nat({ max: MOST_WRITES }), KILLS).entries()) {
    const stop = new AbortController();
    const loaded = load.run(stop.signal);
    await load.acknowledgements.untilMore(writes);
    await server.kill();
    stop.abort();
    await loaded;

    expect(brokenRules(database), `after kill ${kill + 1}`).toEqual([]);
    server = await startServerProcess(database, server.port, SETTINGS);
    expect(await load.missing(), `after kill ${kill + 1}`).toEqual([]);
  }

  await load.triggerUnacknowledged();
  await load.sendEvents();
  const ids = load.runIds;
  expect(ids.length).toBeGreaterThan(KILLS);
  const unfinished = async (): Promise<unknown[]> => {
    const runs = await Promise.all(ids.map(async (id) => (await call("GET", `/v1/runs/${id}`)).json));
    return (runs as Array<{ status: string }>).filter(({ status }) => status !== "completed");
  };
  await expect.poll(unfinished).toEqual([]);
  expect(await load.missing()).toEqual([]);
  const uncalled = (): string[] => ids.filter((id) => !webhook.asked.some(({ headers }) => headers["x-run-id"] === id));
  await expect.poll(uncalled).toEqual([]);
});
