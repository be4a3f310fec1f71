import { join } from "node:path";
import { expect, test } from "vitest";
import { createIdSource } from "../../../src/core/ids.ts";
import { VirtualClock } from "../../../src/core/virtual-clock.ts";
import { createOpikLocal, type OpikLocalParts } from "../../../src/server.ts";
import { temporaryFolder } from "../../e2e/support/temporary-folder.ts";
import { answer, hang, startExecutor } from "./executor.ts";

/** What is asked of a server without a socket. */
async function ask(
  server: OpikLocalParts,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Json> {
  const response = await server.app.request(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

type Json = Record<string, unknown> & { id: string };

test("after a restart every run goes on from where it was", async () => {
  const database = join(temporaryFolder(), "runs.db");
  const clock = new VirtualClock();
  const start = (): OpikLocalParts =>
    createOpikLocal({ config: { database }, clock, ids: createIdSource(clock, String(clock.now())) });
  const executor = await startExecutor(hang);
  const endpoint_url = executor.url;

  const before = start();
  const job = async (slug: string, more: object = {}): Promise<string> =>
    (await ask(before, "POST", "/v1/jobs", { name: slug, slug, endpoint_url, retry_strategy: "fixed", ...more })).id;
  const trigger = async (jobId: string, body: object = {}): Promise<Json> =>
    ask(before, "POST", `/v1/jobs/${jobId}/trigger`, body);
  const narrow = await job("narrow", { max_concurrency: 1 });
  const executing = await trigger(narrow);
  await executor.untilAsked(1);
  const queued = await trigger(narrow);
  const scheduled_at = new Date(clock.now() + 3_600_000).toISOString();
  const delayed = await trigger(await job("later"), { scheduled_at });
  const waiting = await trigger(await job("patient", { execution_mode: "worker", endpoint_url: undefined }));
  const token = String(waiting["run_token"]);
  await ask(
    before,
    "POST",
    `/sdk/v1/runs/${waiting.id}/wait-for-event`,
    { event_key: "go", timeout_secs: 7_200 },
    token,
  );
  await ask(before, "POST", `/v1/jobs/${await job("deferred", { debounce_window_secs: 1_800 })}/trigger`, {
    payload: "deferred",
  });
  await job("every hour", { cron: "0 * * * *" });
  await before.stop();

  executor.behave(answer(200));
  await using after = start();
  const status = (id: string): string | undefined => after.runs.runs.find(id)?.status;
  expect([executing, queued, delayed, waiting].map(({ id }) => status(id))).toEqual([
    "executing",
    "queued",
    "delayed",
    "waiting",
  ]);
  const until = async (ms: number, id: string, wanted: string): Promise<void> => {
    await clock.advance(ms);
    await expect.poll(() => status(id)).toBe(wanted);
  };
  // The push died with the server: the run counts as lost after a minute, and the other can start.
  await until(60_000, queued.id, "completed");
  await until(1_000, executing.id, "completed");
  expect(after.runs.runs.find(executing.id)).toMatchObject({ attempt: 2, previous_error: "heartbeat lost" });
  await clock.advance(1_800_000);
  await expect.poll(() => executor.asked.map(({ body }) => body)).toContain('"deferred"');
  await until(1_800_000, delayed.id, "completed");
  const crons = await ask(after, "GET", "/v1/runs?triggered_by=cron");
  expect(crons["data"]).toHaveLength(1);

  await ask(after, "POST", "/v1/events/go/send", { payload: 1 });
  const fetched = await ask(after, "POST", "/__local/runs/next");
  expect(fetched["run"]).toMatchObject({ id: waiting.id, attempt: 1 });
  await ask(after, "POST", `/sdk/v1/runs/${waiting.id}/complete`, {}, String(fetched["run_token"]));
  expect(status(waiting.id)).toBe("completed");
});

test("a reset ends pushes and forgets schedules, and what comes after it works", async () => {
  const clock = new VirtualClock();
  await using server = createOpikLocal({
    config: { database: ":memory:" },
    clock,
    ids: createIdSource(clock, "reset"),
  });
  const executor = await startExecutor(hang);
  const definition = { name: "n", slug: "s", endpoint_url: executor.url, cron: "* * * * *" };
  const first = await ask(server, "POST", "/v1/jobs", definition);
  await ask(server, "POST", `/v1/jobs/${first.id}/trigger`, {});
  await executor.untilAsked(1);
  server.reset();
  await clock.advance(600_000);
  expect(executor.asked).toHaveLength(1);
  executor.behave(answer(200));
  const { cron: _, ...plain } = definition;
  const second = await ask(server, "POST", "/v1/jobs", plain);
  const run = await ask(server, "POST", `/v1/jobs/${second.id}/trigger`, {});
  await expect.poll(() => server.runs.runs.find(run.id)?.status).toBe("completed");
});
