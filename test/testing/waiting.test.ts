import { expect, onTestFinished, test, vi } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import { startOpikLocal, type TestServer, WaitTimeoutError } from "../../src/testing/index.ts";
import { settled } from "../support/leaks.ts";

const RUNNER_ID = "00000000-0000-7000-8000-00000000de30";
const PROJECT = { projects: [{ name: "demo" }] };
const RUNNER = {
  runners: [{ id: RUNNER_ID, name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
};

async function start(): Promise<TestServer> {
  const opik = await startOpikLocal({ fixtures: { ...PROJECT, ...RUNNER }, listen: false });
  onTestFinished(() => opik.stop());
  return opik;
}

/** What a wait was rejected with. */
async function failureOf(wait: Promise<unknown>): Promise<Error> {
  return wait.then(
    () => expect.fail("it came"),
    (error: Error) => error,
  );
}

test("a wait gives up before vitest gives up the test, and says what is there instead", async () => {
  const opik = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const failure = failureOf(opik.jobs.waitFor(id, "completed"));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await failure).toBeInstanceOf(WaitTimeoutError);
  expect((await failure).message).toBe(
    `Waited 4000 ms: the job ${id} is pending: runner laptop does not poll: start an agent with the variables of runners.environment("laptop")`,
  );
});

test("a wait for a job says that the runner does not poll only when the last poll is long ago", async () => {
  const opik = await start();
  const path = `/v1/private/local-runners/${RUNNER_ID}/jobs/next`;
  const poll = opik.server.request(path, { method: "POST" });
  await settled(() => (opik.server as OpikLocalParts).openPolls.count === 1);
  await opik.clock.advance("10s");
  expect((await poll).status).toBe(200);
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const message = async (): Promise<string> =>
    (await failureOf(opik.jobs.waitFor(id, "completed", { timeoutMs: 1 }))).message;
  expect(await message()).toBe(`Waited 1 ms: the job ${id} is pending`);
  await opik.clock.advance("1m");
  expect(await message()).toContain("runner laptop does not poll");
});

test.for<[string, (opik: TestServer, jobId: string, runId: string) => Promise<unknown>, string]>([
  [
    "a status that jobs do not have",
    (opik, id) => opik.jobs.waitFor(id, "complete" as never),
    'There is no status of a job "complete". Did you mean completed? There are pending, running, completed, failed, cancelled.',
  ],
  [
    "a status that runs do not have",
    (opik, _, id) => opik.runs.waitFor(id, "done" as never),
    'There is no status of a run "done". There are delayed, queued,',
  ],
  ["a job that does not exist", (opik) => opik.jobs.waitFor("x", "completed"), "there is no job x."],
  ["a run that does not exist", (opik) => opik.runs.waitFor("x", () => true), "there is no run x."],
  [
    "an option that does not exist",
    (opik, id) => opik.jobs.waitFor(id, "completed", { timeout: 1 } as never),
    'There is no option of a wait "timeout". Did you mean timeoutMs? There are timeoutMs.',
  ],
])("a wait for %s fails at once", async ([, wait, message]) => {
  const opik = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
  const jobId = opik.jobs.create({ agent: "echo", project: "demo" });
  const { id: runId } = opik.runs.trigger({ job: "deploy" });
  const listeners = opik.server.events.listenerCount;
  const failure = await failureOf(wait(opik, jobId, runId));
  expect(failure.message).toContain(message);
  expect(failure).not.toBeInstanceOf(WaitTimeoutError);
  expect(opik.server.events.listenerCount).toBe(listeners);
});

test.for<[string, (opik: TestServer, jobId: string, runId: string) => Promise<unknown>]>([
  ["jobs.waitFor", (opik, id) => opik.jobs.waitFor(id, "completed", { timeoutMs: 1 })],
  ["runs.waitFor", (opik, _, id) => opik.runs.waitFor(id, "completed", { timeoutMs: 1 })],
  ["events.next", (opik) => opik.events.next("runner:removed", undefined, { timeoutMs: 1 })],
])("the stack of what %s fails with begins at the line of the test", async ([, wait]) => {
  const opik = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker" });
  const jobId = opik.jobs.create({ agent: "echo", project: "demo" });
  const { id: runId } = opik.runs.trigger({ job: "deploy" });
  const { stack, message } = await failureOf(wait(opik, jobId, runId));
  const [first, frame] = stack?.split("\n") ?? [];
  expect(first).toBe(`WaitTimeoutError: ${message}`);
  expect(frame).toContain("waiting.test.ts");
});

test("so does the stack of what can never come, but not of what the test's own function throws", async () => {
  const opik = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const mistaken = failureOf(
    opik.jobs.waitFor(id, (job) => {
      if (job.status === "cancelled") throw new Error("a mistake of the test");
      return false;
    }),
  );
  const never = failureOf(opik.jobs.waitFor(id, "completed"));
  await opik.server.request(`/v1/private/local-runners/jobs/${id}/cancel`, { method: "POST" });
  const { message, stack } = await never;
  expect(message).toBe(`the job ${id} is cancelled, and never will be completed`);
  expect(stack?.split("\n")[1]).toContain("waiting.test.ts");
  expect((await mistaken).stack).toContain("Error: a mistake of the test");
});

test.for<[string, (opik: TestServer) => Promise<void>]>([
  ["stopped", (opik) => opik.stop()],
  ["reset", async (opik) => opik.reset()],
])("a wait fails at once when the server is %s", async ([end, act]) => {
  const opik = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const listeners = opik.server.events.listenerCount;
  const failures = [opik.jobs.waitFor(id, "completed"), opik.events.next("runner:removed")].map(failureOf);
  await act(opik);
  for (const failure of failures) {
    const { message, stack } = await failure;
    expect(message).toBe(`The server was ${end} while a test waited.`);
    expect(stack?.split("\n")[1]).toContain("waiting.test.ts");
  }
  expect(opik.server.events.listenerCount).toBeLessThanOrEqual(listeners);
});

test("a wait keeps the process alive, so that it can still say that nothing came", async () => {
  const opik = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const failure = failureOf(opik.jobs.waitFor(id, "completed"));
  expect(timers()).toBe(before + 1);
  await opik.stop();
  await failure;
  expect(timers()).toBe(before);
});
