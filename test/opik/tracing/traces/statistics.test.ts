import { expect, test } from "vitest";
import { TraceTotals } from "../../../../src/opik/tracing/traces/statistics.ts";
import { startTestServer } from "../../../support/server.ts";

test("a project is added up to its last trace, however many there are", async () => {
  const { call } = await startTestServer();
  const traces = Array.from({ length: 1_000 }, () => ({ project_name: "demo", start_time: "2026-01-01T00:00:00Z" }));
  await call("POST", "/v1/private/traces/batch", { body: { traces } });
  await call("POST", "/v1/private/traces", { body: traces[0] ?? {} });
  const stats = await call("GET", "/v1/private/projects/stats");
  expect(stats.json).toMatchObject({ content: [{ trace_count: 1_001, thread_count: 0 }] });
  expect(stats.text).toContain('"duration":{"p50":0E-9,"p90":0E-9,"p99":0E-9}');
});

test("there are no statistics without traces", () => {
  expect(new TraceTotals().result()).toBeUndefined();
});
