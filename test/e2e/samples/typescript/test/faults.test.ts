import { approvals } from "../src/approvals.ts";
import { expect, run, submit, test } from "./helpdesk.ts";

test("a result that is lost before it arrives leaves the job running, until it has run too long", async ({ opik }) => {
  opik.faults.add({ operation: "reportJobResult", reset: "before", times: 2 });
  const id = submit(opik, "answer", { question: "why?" });
  await opik.requests.waitFor({ operation: "appendJobLogs" });
  await opik.requests.waitFor({ operation: "reportJobResult" }, { count: 2 });
  expect(opik.jobs.get(id)?.status).toBe("running");
  await opik.clock.advance("31m");
  expect(opik.jobs.get(id)).toMatchObject({ status: "failed", error: expect.stringContaining("timed out") });
});

test("a result whose answer is lost has arrived", async ({ opik }) => {
  opik.faults.add({ operation: "reportJobResult", reset: "after", times: 2 });
  await run(opik, "refund", { order: "A-1" });
  expect(opik.faults.list()).toMatchObject([{ applied: 2 }]);
});

test("logs that are refused cost no result", async ({ opik }) => {
  opik.faults.add({ operation: "appendJobLogs", status: 400 });
  const { logs, result } = await run(opik, "refund", { order: "A-1" });
  expect({ logs, result }).toEqual({ logs: [], result: { result: 40 } });
});

test("traces that are refused cost no result", async ({ opik }) => {
  opik.faults.add({ operation: "createTraces", status: 400 });
  await run(opik, "refund", { order: "A-2" });
  expect(opik.traces.list()).toEqual([]);
});

test("a slow server keeps the job waiting, as long as the clock says", async ({ opik }) => {
  opik.faults.add({ operation: "reportJobResult", latency: "2s" });
  const before = opik.clock.now();
  const id = submit(opik, "answer", { question: "why?" });
  expect(await opik.clock.runUntilIdle("1m", { settle: true })).toBe(true);
  await expect(opik).toHaveCompleted(id);
  // It reports twice: that it runs, and what it has found out.
  expect(opik.clock.now() - before).toBeGreaterThanOrEqual(4_000);
});

test("an answer that is cut off in the middle is a result that has arrived", async ({ opik }) => {
  opik.faults.add({ operation: "reportJobResult", cut: true, times: 2 });
  await run(opik, "answer", { question: "why?" });
});

test("a server that is overloaded is asked again", async ({ opik }) => {
  opik.faults.add({ operation: "appendJobLogs", status: 503, retryAfter: 1, times: 1 });
  const { logs } = await run(opik, "refund", { order: "A-1" });
  expect(logs).toHaveLength(1);
  await expect(opik).toHaveRequested({ operation: "appendJobLogs" }, { times: 2 });
});

test("a fault of one agent leaves the others alone", async ({ opik }) => {
  opik.faults.add({ agent: "refund", operation: "reportJobResult", reset: "before" });
  submit(opik, "refund", { order: "A-1" });
  await run(opik, "answer", { question: "why?" });
  expect(opik.faults.list()).toMatchObject([{ matched: expect.any(Number) }]);
});

test("faults of another test are gone", async ({ opik }) => {
  expect(opik.faults.list()).toEqual([]);
  await run(opik, "refund", { order: "A-1" });
});

test("a job that waits for a person too long is timed out, and its late result is dropped", async ({ opik }) => {
  const id = submit(opik, "approve", { order: "A-5" });
  await opik.jobs.waitFor(id, "running");
  await opik.clock.advance("31m");
  expect(opik.jobs.get(id)?.status).toBe("failed");
  approvals.decide("A-5", "yes");
  await opik.requests.waitFor({ operation: "reportJobResult", body_json: { status: "completed" } });
  expect(opik.jobs.get(id)?.status).toBe("failed");
});
