import { expect, run, submit, test } from "./helpdesk.ts";

test("the agent reports that it runs, then its result", async ({ opik }) => {
  const { id } = await run(opik, "answer", { question: "why?" });
  const reports = await opik.requests.list({ path: `/v1/private/local-runners/jobs/${id}/results` });
  const statuses = reports.map(({ body }) => (JSON.parse(body?.text ?? "") as { status: string }).status);
  expect(statuses).toEqual(["running", "completed"]);
});

test("it sends the trace before the result", async ({ opik }) => {
  await run(opik, "answer", { question: "why?" });
  const [trace] = await opik.requests.list({ operation: "createTraces" });
  const [result] = await opik.requests.list({
    operation: "reportJobResult",
    body_json: { status: "completed" },
  });
  expect(trace!.sequence).toBeLessThan(result!.sequence);
});

test("it sends nothing that the server does not know", async ({ opik }) => {
  await run(opik, "refund", { order: "A-1" });
  await expect(opik).not.toHaveRequested({ matched: false });
});

test("every job is one log of its own", async ({ opik }) => {
  await Promise.all(["A-1", "A-2"].map((order) => run(opik, "refund", { order })));
  await expect(opik).toHaveRequested({ operation: "appendJobLogs" }, { times: 2 });
});

test("a refused job is no request of the agent", async ({ opik }) => {
  expect(() => submit(opik, "sing")).toThrow();
  await expect(opik).not.toHaveRequested({ operation: "reportJobResult" });
});

test("events say what happens", async ({ opik }) => {
  const completed = opik.events.next("job:status:changed", ({ job }) => job.status === "completed");
  const id = submit(opik, "refund", { order: "A-2" });
  expect((await completed).job.id).toBe(id);
});

test.for([
  ["src/agent.ts", "export const answer = 42;"],
  ["README.md", "# helpdesk"],
])("a person reads %s of the laptop", async ([path, content], { opik }) => {
  const id = opik.bridge.create({ runner: "laptop", type: "ReadFile", args: { path } });
  expect((await opik.bridge.waitFor(id, "completed")).result).toMatchObject({
    content: expect.stringContaining(content!),
  });
});

test("a person runs a command on the laptop", async ({ opik }) => {
  expect((await opik.bridge.exec("laptop", "npm test")).result).toMatchObject({ stdout: "12 passed\n" });
});

test("a person changes a file of the laptop", async ({ opik }) => {
  const write = { path: "notes.md", content: "call back" };
  const written = opik.bridge.create({ runner: "laptop", type: "WriteFile", args: write });
  await opik.bridge.waitFor(written, "completed");
  const id = opik.bridge.create({ runner: "laptop", type: "ReadFile", args: { path: "notes.md" } });
  expect((await opik.bridge.waitFor(id, "completed")).result).toMatchObject({ content: "call back" });
});
