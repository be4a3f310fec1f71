import { describe, type ExpectStatic, test } from "vitest";
import type { TestServer } from "../../src/testing/index.ts";
import type { TestRequest } from "../../src/testing/plain.ts";
import { holdJob } from "./support/held-job.ts";
import { REAL_TIME, SDKS, type SdkAgent, startSdkAgent } from "./support/sdk-agent.ts";

/*
 * What the SDKs do under each preset, as `opik-local help testing` says it. Which requests a preset hits depends on their order, which
 * differs from run to run; so the tests compare what became of each job with the requests that the journal has of it.
 */

const RESULTS = "reportJobResult";

/** The reports of a job's result, in order: first `running`, then its end, each perhaps several times. */
async function reportsOf({ requests }: TestServer, jobId: string): Promise<TestRequest[]> {
  return requests.list({ operation: RESULTS, path: `/**/jobs/${jobId}/results` });
}

function timeOf(request: TestRequest | undefined): number {
  return Date.parse(request?.received_at ?? "");
}

const isRefused = ({ status }: TestRequest): boolean => status >= 400;

/** Submits jobs and waits until the agent has tried to report the end of each. @returns their ids */
async function runJobs({ opik, submit, printed }: SdkAgent, count: number, expect: ExpectStatic): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => submit("echo", { question: `question-${index}` }));
  const isTried = async (id: string): Promise<boolean> => {
    if (opik.jobs.get(id)?.status !== "running") return opik.jobs.get(id)?.status === "completed";
    const reports = await reportsOf(opik, id);
    // A refused one may be repeated, within a few seconds.
    const last = reports.at(-1);
    return reports.length >= 2 && timeOf(last) + REPEATED_MS < opik.clock.now();
  };
  await expect.poll(async () => (await Promise.all(ids.map(isTried))).filter(Boolean).length).toBe(count);
  const executed = printed().match(/thinking about question-\d+/g) ?? [];
  expect(new Set(executed).size, "each job was executed").toBe(count);
  expect(executed, "no job was executed twice").toHaveLength(count);
  return ids;
}

/** Longer than an SDK waits before it repeats a report. */
const REPEATED_MS = 15_000;

/** The agent still works when nothing goes wrong any more. */
async function expectUsable({ opik, submit, isAlive }: SdkAgent, expect: ExpectStatic): Promise<void> {
  opik.faults.clear();
  expect(isAlive()).toBe(true);
  const id = submit("echo", { question: "afterwards?" });
  expect((await opik.jobs.waitFor(id, "completed", REAL_TIME)).result).toEqual({
    result: "ada: afterwards?",
  });
}

// They wait in real time for most of their time, side by side.
describe.concurrent.each(SDKS)("an agent with the SDK from %s", (sdk) => {
  test("flaky-network: executes each job once; one whose result was lost on its way stays running", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const agent = await startSdkAgent(sdk, { onFinished });
    const { opik } = agent;
    opik.faults.add({ preset: "flaky-network" });
    for (const id of await runJobs(agent, 8, expect)) {
      const reports = await reportsOf(opik, id);
      expect(reports, "a report that was lost is not repeated").toHaveLength(2);
      const isLost = reports.slice(1).every(isRefused);
      expect(opik.jobs.get(id)?.status, id).toBe(isLost ? "running" : "completed");
    }
    await expectUsable(agent, expect);
  });

  test("overloaded: waits before it polls again; repeats a refused result with npm's, and not with PyPI's", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const agent = await startSdkAgent(sdk, { onFinished });
    const { opik } = agent;
    opik.faults.add({ preset: "overloaded" });
    for (const id of await runJobs(agent, 4, expect)) {
      if (sdk === "PyPI") {
        const reports = await reportsOf(opik, id);
        expect(reports).toHaveLength(2);
        expect(opik.jobs.get(id)?.status, id).toBe(reports.slice(1).every(isRefused) ? "running" : "completed");
        continue;
      }
      // The SDK may still repeat the last report.
      const isOver = async (): Promise<boolean> => {
        const last = (await reportsOf(opik, id)).slice(-3);
        return opik.jobs.get(id)?.status === "completed" || (last.length === 3 && last.every(isRefused));
      };
      await expect.poll(isOver, { message: `${id} is completed, or given up after three attempts` }).toBe(true);
    }
    const polls = await opik.requests.list({ operation: "nextJob" });
    const pauses = polls.slice(1).flatMap((poll, index) => {
      const before = polls[index];
      if (before === undefined || !isRefused(before)) return [];
      return [timeOf(poll) - timeOf(before) - before.duration_ms];
    });
    // Half a second at least, by the client's clock.
    expect(Math.min(...pauses, Number.POSITIVE_INFINITY)).toBeGreaterThan(250);
    await expectUsable(agent, expect);
  });

  test("restart-loop: connects again by itself; a result that it reported meanwhile is lost", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const agent = await startSdkAgent(sdk, { clock: "virtual", onFinished });
    const { opik, submit, isAlive } = agent;
    opik.faults.add({ preset: "restart-loop" });
    const work = holdJob(onFinished);
    const id = submit("wait", work.inputs);
    await opik.requests.waitFor({ operation: RESULTS }, REAL_TIME);
    // The server is gone from 20 s to 23 s.
    await opik.clock.advance("20s");
    work.release();
    await opik.requests.waitFor({ operation: RESULTS, path: `/**/${id}/results` }, { ...REAL_TIME, count: 2 });
    await opik.requests.waitFor({ operation: "nextJob", status: "5xx" }, REAL_TIME);
    await opik.clock.advance("3s");
    const next = submit("echo", { question: "back?" });
    await opik.jobs.waitFor(next, "completed", REAL_TIME);
    expect(isAlive()).toBe(true);
    expect(opik.jobs.get(id)).toMatchObject({ status: "running" });
    opik.faults.clear();
    await opik.clock.advance("35m");
    expect(opik.jobs.get(id)).toMatchObject({ status: "failed", error: expect.stringContaining("timed out") });
  });

  test("half-open: gives up a poll that is never answered, after a minute or two, and goes on", async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const agent = await startSdkAgent(sdk, { onFinished });
    const { opik, submit, isAlive } = agent;
    opik.faults.add({ preset: "half-open" });
    // Choices depend on the seed and on the polls before alone: of these polls, one is never answered.
    const ids = Array.from({ length: 3 }, (_, index) => submit("echo", { question: String(index) }));
    for (const id of ids) await opik.jobs.waitFor(id, "completed", REAL_TIME);
    const polls = await opik.requests.list({ operation: "nextJob" });
    const at = polls.findIndex(isRefused);
    expect(polls.filter(isRefused)).toHaveLength(1);
    const givenUpAfterMs = timeOf(polls[at + 1]) - timeOf(polls[at]);
    const [longerThan, shorterThan] = sdk === "npm" ? [55_000, 80_000] : [95_000, 130_000];
    expect(givenUpAfterMs).toBeGreaterThan(longerThan);
    expect(givenUpAfterMs).toBeLessThan(shorterThan);
    expect(isAlive()).toBe(true);
  });
});
