import { approvals } from "../src/approvals.ts";
import { expect, run, submit, test } from "./helpdesk.ts";

test.for([
  ["why?", 4],
  ["", 0],
  ["Où est mon colis ? 📦", 21],
  ["a line\nand another", 18],
] as const)("answers %j", async ([question, length], { opik }) => {
  const id = submit(opik, "answer", { question });
  await expect(opik).toHaveCompleted(id, { reply: expect.stringContaining(question), length });
});

test.for([
  [{ order: "A-1" }, 40],
  [{ order: "A-2", share: 0.5 }, 125],
  [{ order: "A-1", share: "0.25" }, 10],
  [{ order: "A-2", share: 0 }, 0],
] as const)("pays back %j", async ([inputs, amount], { opik }) => {
  expect((await run(opik, "refund", inputs)).result).toEqual({ result: amount });
});

test.for([
  [{ order: "A-9" }, "UnknownOrderError: There is no order A-9"],
  [{ order: "A-1", share: 2 }, "RangeError: A share of 2 cannot be paid back"],
  [{ order: "A-1", share: "all" }, 'TypeError: Cannot cast "all" to number'],
] as const)("fails with %j", async ([inputs, error], { opik }) => {
  expect((await opik.jobs.waitFor(submit(opik, "refund", inputs), "failed")).error).toBe(error);
});

test("casts inputs to the types of the agent's parameters", async ({ opik }) => {
  const inputs = { text: { a: 1 }, count: "3", ratio: "0.5", flag: "true" };
  expect((await run(opik, "describe", inputs)).result).toEqual({ result: ['{"a":1}', 3, 0.5, true] });
});

test("answers several jobs at once, each its own", async ({ opik }) => {
  const questions = ["one", "two", "three", "four", "five"];
  const jobs = await Promise.all(questions.map((question) => run(opik, "answer", { question })));
  expect(jobs.map(({ inputs }) => inputs)).toEqual(questions.map((question) => ({ question })));
  expect(jobs.map(({ result }) => result)).toMatchObject(questions.map(({ length }) => ({ length })));
});

test("begins with no job of another test", async ({ opik }) => {
  expect(opik.jobs.list()).toEqual([]);
  const id = submit(opik, "answer", { question: "first?" });
  expect(opik.jobs.list().map((job) => job.id)).toEqual([id]);
  await expect(opik).toHaveCompleted(id);
});

test("waits for a person", async ({ opik }) => {
  const id = submit(opik, "approve", { order: "A-1" });
  await opik.jobs.waitFor(id, "running");
  approvals.decide("A-1", "yes");
  await expect(opik).toHaveCompleted(id, { order: "A-1", decision: "yes" });
});

test("a job that is cancelled while it runs stays so", async ({ opik }) => {
  const id = submit(opik, "approve", { order: "A-2" });
  await opik.jobs.waitFor(id, "running");
  opik.jobs.cancel(id);
  approvals.decide("A-2", "no");
  await opik.requests.waitFor({ operation: "reportJobResult", body_json: { status: "completed" } });
  expect(opik.jobs.get(id)).toMatchObject({ status: "cancelled" });
  expect(opik.jobs.get(id)).not.toHaveProperty("result");
});

test("a job of an agent that does not exist is refused", ({ opik }) => {
  expect(() => submit(opik, "sing")).toThrow("sing");
});
