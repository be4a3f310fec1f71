import { expect, test } from "vitest";
import { expectStatus } from "../support/pairing.ts";
import { RUNNERS, startReaperWorld } from "./reaper-world.ts";

const LARGE = "x".repeat(1024 * 1024);
const PRIVATE = "/v1/private";

test("a page of large jobs is sent in slices, complete and in order", async () => {
  const { call, runner, projectId } = await startReaperWorld();
  const ids: unknown[] = [];
  for (let count = 0; count < 3; count += 1) {
    const body = { agent_name: "echo", project_id: projectId, inputs: { text: `${count}${LARGE}` } };
    const { headers } = expectStatus(await call("POST", `${RUNNERS}/jobs`, { body }), 201);
    ids.unshift(headers.location?.split("/").at(-1));
  }
  const page = expectStatus(await call("GET", `${RUNNERS}/${runner}/jobs`), 200);
  expect(page.headers).toMatchObject({ "transfer-encoding": "chunked", "content-type": "application/json" });
  const { content, ...rest } = page.json as { content: Array<{ id: string; inputs: unknown }> };
  expect(rest).toEqual({ page: 0, size: 25, total: 3 });
  expect(content.map(({ id }) => id)).toEqual(ids);
  expect(content.map(({ inputs }) => inputs)).toEqual([2, 1, 0].map((count) => ({ text: `${count}${LARGE}` })));
  const second = await call("GET", `${RUNNERS}/${runner}/jobs?size=1&page=1`);
  expect(second.json).toMatchObject({ page: 1, size: 1, total: 3, content: [{ id: ids[1] }] });
});

test("a small page has its length", async () => {
  const { call, runner, submitJob } = await startReaperWorld();
  await submitJob();
  const { headers, text } = await call("GET", `${RUNNERS}/${runner}/jobs`);
  expect(headers["content-length"]).toBe(String(text.length));
});

test("a page of large traces and the log of a job are sent in slices, complete and in order", async () => {
  const { call, submitJob } = await startReaperWorld();
  const name = "demo";
  const traces = [1, 2, 3].map((digit) => ({
    id: `0192f3a0-0000-7000-8000-00000000000${digit}`,
    project_name: name,
    start_time: "2026-01-01T00:00:00Z",
    input: { text: `${digit}${LARGE}` },
  }));
  expectStatus(await call("POST", `${PRIVATE}/traces/batch`, { body: { traces } }), 204);
  const page = expectStatus(await call("GET", `${PRIVATE}/traces?project_name=${name}`), 200);
  expect(page.headers["transfer-encoding"]).toBe("chunked");
  expect(page.json).toMatchObject({ page: 1, size: 3, total: 3 });
  const { content } = page.json as { content: Array<{ id: string; input: unknown }> };
  expect(content.map(({ id, input }) => ({ id, input }))).toEqual(
    traces.toReversed().map(({ id, input }) => ({ id, input })),
  );
  const job = await submitJob();
  const entries = Array.from({ length: 1_000 }, (_, index) => ({
    stream: "stdout",
    text: `${index} ${"x".repeat(1_000)}`,
  }));
  for (const batch of [entries, entries]) {
    expectStatus(await call("POST", `${RUNNERS}/jobs/${job}/logs`, { body: batch }), 204);
  }
  const logs = expectStatus(await call("GET", `${RUNNERS}/jobs/${job}/logs?offset=500`), 200);
  expect(logs.headers["transfer-encoding"]).toBe("chunked");
  expect(logs.json).toEqual([...entries, ...entries].slice(500));
});

test("other requests are answered while a large page is sent", async () => {
  const { call, runner, projectId, server } = await startReaperWorld();
  for (let count = 0; count < 4; count += 1) {
    const body = { agent_name: "echo", project_id: projectId, inputs: { text: LARGE } };
    expectStatus(await call("POST", `${RUNNERS}/jobs`, { body }), 201);
  }
  // Without a socket, nothing is sent before it is asked for.
  const response = await server.request(`${RUNNERS}/${runner}/jobs`);
  // The page is read to its end only after the server has done something else: the last job is gone by then.
  const last = server.opik.jobs.all()[0];
  server.database.prepare<[string]>("DELETE FROM jobs WHERE id = ?").run(last?.id ?? "");
  const { content } = (await response.json()) as { content: Array<{ id: string }> };
  expect(content.map(({ id }) => id)).not.toContain(last?.id);
  expect(content).toHaveLength(3);
});
