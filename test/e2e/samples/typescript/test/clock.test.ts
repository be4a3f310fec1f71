import { approvals } from "../src/approvals.ts";
import { expect, run, submit, test } from "./helpdesk.ts";

test("time stands still", async ({ opik }) => {
  const before = opik.clock.now();
  await run(opik, "answer", { question: "why?" });
  expect(opik.clock.now()).toBe(before);
});

test("a job that runs for a while has its times", async ({ opik }) => {
  const id = submit(opik, "approve", { order: "A-3" });
  await opik.jobs.waitFor(id, "running");
  await opik.clock.advance("10m");
  approvals.decide("A-3", "yes");
  const { started_at, completed_at } = await opik.jobs.waitFor(id, "completed");
  expect(Date.parse(completed_at!) - Date.parse(started_at!)).toBe(10 * 60_000);
});

test("the agent goes on when its poll has timed out", async ({ opik }) => {
  await opik.clock.advance("11s", { settle: true });
  await run(opik, "answer", { question: "still there?" });
});

test("a runner without heartbeats is gone after a while", async ({ opik }) => {
  await opik.runners.connect({ name: "phone", project: "other", agents: ["ring"], heartbeats: false });
  await opik.clock.advance("16s", { settle: true });
  expect(opik.runners.get("phone")?.status).toBe("disconnected");
  expect(opik.runners.get("desk")?.status).toBe("connected");
});

test("a runner of the test itself does its jobs", async ({ opik }) => {
  const phone = await opik.runners.connect({ name: "phone", project: "other", agents: ["ring"] });
  const id = opik.jobs.create({ agent: "ring", project: "other" });
  const { value: job } = await phone.jobs().next();
  await job?.complete("brr");
  await expect(opik).toHaveCompleted(id, "brr");
});

test("the next hour is a line away", async ({ opik }) => {
  await run(opik, "refund", { order: "A-1" });
  await opik.clock.advance("1h");
  await run(opik, "refund", { order: "A-2" });
  const [first, second] = opik.jobs.list();
  expect(Date.parse(second!.created_at) - Date.parse(first!.created_at)).toBeGreaterThanOrEqual(3_600_000);
});

test("everything ends when time goes on", async ({ opik }) => {
  submit(opik, "refund", { order: "A-1" });
  expect(await opik.clock.runUntilIdle("1h", { settle: true })).toBe(true);
  expect(opik.jobs.list()).toMatchObject([{ status: "completed" }]);
});
