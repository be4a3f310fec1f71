import { Opik } from "opik";
import { expect, run, submit, test } from "./helpdesk.ts";

test("a job has a trace", async ({ opik }) => {
  const { trace_id } = await run(opik, "answer", { question: "why?" });
  const trace = await opik.traces.waitFor(({ id }) => id === trace_id);
  expect(trace).toMatchObject({ name: "answer", input: { arguments: ["why?"] }, output: { length: 4 } });
});

test("which has ended when the job has", async ({ opik }) => {
  await run(opik, "answer", { question: "why?" });
  expect(opik.traces.list()).toMatchObject([{ end_time: expect.any(String) }]);
});

test("each job has its own", async ({ opik }) => {
  const jobs = await Promise.all(["one", "two"].map((question) => run(opik, "answer", { question })));
  expect(new Set(opik.traces.list().map(({ id }) => id))).toEqual(new Set(jobs.map(({ trace_id }) => trace_id)));
});

test("traced functions are its spans, one in the other", async ({ opik }) => {
  await run(opik, "answer", { question: "why?" });
  const [trace] = opik.traces.list();
  const [outer, inner] = opik.traces.spans(trace!);
  expect([outer?.name, inner?.name]).toEqual(["answer", "ask_model"]);
  expect(inner?.parent_span_id).toBe(outer?.id);
});

test("a span of a model has its usage", async ({ opik }) => {
  await run(opik, "answer", { question: "why?" });
  const spans = opik.traces.spans(opik.traces.list()[0]!);
  expect(spans.find(({ type }) => type === "llm")).toMatchObject({
    model: "gpt-4o-mini",
    usage: { prompt_tokens: 12, completion_tokens: 31 },
  });
});

test("a job that fails leaves its error in the trace", async ({ opik }) => {
  const id = submit(opik, "refund", { order: "A-9" });
  const { trace_id } = await opik.jobs.waitFor(id, "failed");
  const trace = await opik.traces.waitFor((one) => one.id === trace_id);
  expect(trace.error_info).toMatchObject({ exception_type: "UnknownOrderError" });
});

test("traces are those of the runner's project", async ({ opik }) => {
  await run(opik, "refund", { order: "A-1" });
  expect(opik.traces.list({ project: "helpdesk" })).toHaveLength(1);
});

test("the client of the SDK writes and finds traces beside it", async ({ opik }) => {
  const client = new Opik({ projectName: "helpdesk" });
  client.trace({ name: "by hand", input: { question: "why?" } }).end();
  await client.flush();
  const [trace] = opik.traces.list();
  expect(trace).toMatchObject({ name: "by hand" });
  expect(await client.searchTraces({ filterString: 'name = "by hand"' })).toMatchObject([{ id: trace?.id }]);
});

test("a score of a person is found with the trace", async ({ opik }) => {
  const { trace_id } = await run(opik, "answer", { question: "why?" });
  const client = new Opik({ projectName: "helpdesk" });
  client.logTracesFeedbackScores([{ id: trace_id!, name: "helpful", value: 1 }]);
  await client.flush();
  expect(opik.traces.list()).toMatchObject([{ feedback_scores: [{ name: "helpful", value: 1 }] }]);
});
