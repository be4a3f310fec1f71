import { approvals } from "../src/approvals.ts";
import { expect, run, submit, test } from "./helpdesk.ts";

test("what the agent prints is in the job's log", async ({ opik }) => {
  const { logs } = await run(opik, "answer", { question: "why?" });
  expect(logs).toEqual([{ stream: "stdout", text: "Question: why?\n" }]);
});

test("what it prints to stderr is so, too", async ({ opik }) => {
  const { logs } = await run(opik, "answer", { question: "" });
  expect(logs.map(({ stream }) => stream)).toEqual(["stdout", "stderr"]);
});

test("lines keep their order", async ({ opik }) => {
  const id = submit(opik, "approve", { order: "A-7" });
  await opik.jobs.waitFor(id, "running");
  approvals.decide("A-7", "later");
  const { logs } = await opik.jobs.waitFor(id, "completed");
  expect(logs.map(({ text }) => text)).toEqual(["Waiting for an approval of A-7\n", "A-7 is decided: later\n"]);
});

test("jobs that run at once have logs of their own", async ({ opik }) => {
  const jobs = await Promise.all(["A-1", "A-2"].map((order) => run(opik, "refund", { order })));
  expect(jobs.map(({ logs }) => logs.map(({ text }) => text))).toEqual([["found A-1: lamp\n"], ["found A-2: desk\n"]]);
});

test("a job that fails has logged up to then", async ({ opik }) => {
  const id = submit(opik, "refund", { order: "A-2", share: -1 });
  await opik.jobs.waitFor(id, "failed");
  await expect(opik).toHaveLogged(id, "found A-2");
});

test("a pattern finds a line", async ({ opik }) => {
  const { id } = await run(opik, "refund", { order: "A-1" });
  await expect(opik).toHaveLogged(id, /found A-\d: \w+/);
  await expect(opik).not.toHaveLogged(id, "Question");
});
