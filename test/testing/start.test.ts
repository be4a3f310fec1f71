import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import type { OpikLocalParts } from "../../src/server.ts";
import {
  connectOpikLocal,
  type FixtureInput,
  startOpikLocal,
  type TestJob,
  VirtualClock,
  WaitTimeoutError,
} from "../../src/testing/index.ts";
import { settled, stopWhenFinished } from "../support/leaks.ts";

const FIXTURE: FixtureInput = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
};

async function start(...options: Parameters<typeof startOpikLocal>): ReturnType<typeof startOpikLocal> {
  const opik = await startOpikLocal(...options);
  stopWhenFinished(partsOf(opik));
  return opik;
}

describe("startOpikLocal", () => {
  test("starts a server on a free port, in memory, with time that stands still", async () => {
    const [opik, other] = [await start(), await start()];
    expect(opik.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(opik.url).not.toBe(other.url);
    expect(opik.apiUrl).toBe(`${opik.url}/api`);
    expect((await fetch(`${opik.apiUrl}/is-alive/ping`)).status).toBe(200);
    expect(opik.server.clock).toBeInstanceOf(VirtualClock);
    expect(opik.clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  test("takes fixtures as objects, files and folders", async () => {
    const folder = mkdtempSync(join(tmpdir(), "opik-local-testing-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "a.yaml"), JSON.stringify(FIXTURE));
    for (const fixtures of [FIXTURE, join(folder, "a.yaml"), [folder]]) {
      const opik = await start({ fixtures, listen: false });
      expect(partsOf(opik).opik.runners.all()).toHaveLength(1);
      expect(() => opik.url).toThrow("does not listen");
    }
  });

  test("goes on when the test installs fake timers afterwards (T4)", async () => {
    const opik = await start({ fixtures: FIXTURE });
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const runner = partsOf(opik).opik.runners.all()[0]!;
    const poll = fetch(`${opik.apiUrl}/v1/private/local-runners/${runner.id}/jobs/next`, { method: "POST" });
    await settled(() => partsOf(opik).openPolls.count === 1);
    const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: {} });
    expect(await (await poll).json()).toMatchObject({ id });
    await expect(opik.jobs.waitFor(id, "completed", { timeoutMs: 20 })).rejects.toThrow(WaitTimeoutError);
    await opik.clock.advance("31m");
    expect((await opik.jobs.waitFor(id, "failed")).status).toBe("failed");
    await opik.stop();
  });

  test("rejects fixtures with mistakes, and leaves nothing open", async () => {
    await expect(startOpikLocal({ fixtures: { jobs: [{ runner: "nobody", agent: "echo" }] } })).rejects.toThrow(
      'fixture:4:17 jobs[0].runner: there is no runner "nobody"',
    );
  });

  test.for<[object, string]>([
    [{ fixture: FIXTURE }, 'There is no option of startOpikLocal "fixture". Did you mean fixtures?'],
    [{ clock: "sytem" }, 'There is no clock "sytem". Did you mean system?'],
    [{ config: { maxOpenPols: 1 } }, 'There is no setting "maxOpenPols". Did you mean maxOpenPolls?'],
  ])("refuses %j, which would have no effect", async ([options, message]) => {
    await expect(startOpikLocal(options as never)).rejects.toThrow(message);
  });

  test("refuses fields of jobs and runs that do not exist", async () => {
    const opik = await start({ fixtures: FIXTURE, listen: false });
    expect(() => opik.jobs.create({ agnet: "echo", project: "demo" } as never)).toThrow(
      'There is no field of a job "agnet". Did you mean agent?',
    );
    expect(() => opik.executorJobs.create({ slug: "a", execution_mode: "worker", queue: "goq" })).toThrow(
      'There is no field "queue". Did you mean queue_name?',
    );
    expect(opik.server.request).toBeTypeOf("function");
  });

  test("once it is stopped, everything says so", async () => {
    const opik = await startOpikLocal({ fixtures: FIXTURE });
    await opik.stop();
    const stopped = "This test server was stopped";
    for (const act of [
      () => opik.url,
      () => opik.apiUrl,
      () => opik.jobs.list(),
      () => opik.jobs.get("x"),
      () => opik.jobs.cancel("x"),
      () => opik.runners.get("x"),
      () => opik.runners.list(),
      () => opik.bridge.create({ runner: "x", type: "Exec", args: {} }),
      () => opik.bridge.get("x"),
      () => opik.bridge.list(),
      () => opik.traces.list(),
      () => opik.clock.now(),
      () => opik.waits.list(),
      () => opik.runs.list(),
      () => opik.runs.get("x"),
      () => opik.reset(),
      () => opik.seed(FIXTURE),
      () => opik.jobs.create({ agent: "echo", project: "demo" }),
      () => opik.executorJobs.create({ slug: "a" }),
      () => opik.runs.trigger({ job: "a" }),
      () => opik.waits.send("a"),
    ]) {
      expect(act).toThrow(stopped);
    }
    for (const act of [
      opik.clock.advance("1s"),
      opik.jobs.waitFor("x", "completed"),
      opik.runs.waitFor("x", "completed"),
      opik.runners.waitFor(() => true),
      opik.bridge.waitFor("x", "completed"),
      opik.traces.waitFor(() => true),
      opik.events.next("runner:removed"),
    ]) {
      await expect(act).rejects.toThrow(stopped);
    }
    await opik.stop();
  });

  test("does not keep a process alive that has forgotten to stop it, but answers until then", async ({ signal }) => {
    const script = `
      import { startOpikLocal } from ${JSON.stringify(new URL("../../src/testing/index.ts", import.meta.url).href)};
      const opik = await startOpikLocal();
      const { status } = await fetch(opik.apiUrl + "/is-alive/ping");
      console.log(status);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { signal });
    expect(stdout).toBe("200\n");
  });

  test("can be left to its scope", async () => {
    let url: string;
    {
      await using opik = await startOpikLocal();
      url = opik.url;
    }
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("has types that show what is meant", () => {
    expectTypeOf<TestJob["logs"]>().toEqualTypeOf<Array<{ stream: string; text: string }>>();
    // @ts-expect-error a clock is virtual or the system's
    const clock: Parameters<typeof startOpikLocal>[0] = { clock: "stopped" };
    // @ts-expect-error a runner belongs to a project
    const fixture: FixtureInput = { runners: [{ name: "laptop" }] };
    expect([clock, fixture]).toHaveLength(2);
  });
});

describe("the test double", () => {
  test("submits jobs, shows them, and waits until they are as wanted", async () => {
    const opik = await start({ fixtures: FIXTURE });
    const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: { text: "hi", nothing: null } });
    expect(opik.jobs.list()).toMatchObject([
      { id, status: "pending", inputs: { text: "hi", nothing: null }, logs: [] },
    ]);
    const completed = opik.jobs.waitFor(id, "completed");
    const printed = opik.jobs.waitFor(id, ({ logs }) => logs.length > 0);
    await work(opik, { status: "completed", result: { text: "hi" } });
    expect(await completed).toMatchObject({ status: "completed", result: { text: "hi" } });
    expect((await printed).logs).toEqual([{ stream: "stdout", text: "working" }]);
    expect(await opik.jobs.waitFor(id, "completed")).toEqual(opik.jobs.get(id));
    expect(opik.jobs.get("00000000-0000-7000-8000-000000000000")).toBeUndefined();
  });

  test("does not wait for what cannot come any more, nor for ever", async () => {
    const opik = await start({ fixtures: FIXTURE });
    const id = opik.jobs.create({ agent: "echo", project: "demo" });
    await expect(opik.jobs.waitFor(id, "completed", { timeoutMs: 1 })).rejects.toThrow(WaitTimeoutError);
    const completed = opik.jobs.waitFor(id, "completed");
    const failed = expect(completed).rejects.toThrow(`the job ${id} is failed (no luck), and never will be completed`);
    await work(opik, { status: "failed", error: "no luck" });
    await failed;
  });

  test("waits for events", async () => {
    const opik = await start({ fixtures: FIXTURE });
    const second = opik.events.next("job:status:changed", ({ job }) => job.inputs?.text === "2");
    opik.jobs.create({ agent: "echo", project: "demo", inputs: 1 });
    const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: 2 });
    expect((await second).job.id).toBe(id);
    await expect(opik.events.next("runner:removed", undefined, { timeoutMs: 1 })).rejects.toThrow("runner:removed");
  });

  test("throws what the API would answer to a job that is not allowed", async () => {
    const opik = await start({ fixtures: FIXTURE });
    expect(() => opik.jobs.create({ agent: "echo", project: "nowhere" })).toThrow('no project "nowhere"');
    expect(() => opik.jobs.create({ agent: "ecko", project: "demo" })).toThrow("Agent 'ecko' is not registered");
  });

  test("advances the time", async () => {
    const opik = await start();
    opik.seed({ projects: [{ name: "p" }], runners: [{ name: "r", project: "p" }] });
    const silent = opik.events.next("runner:disconnected");
    await opik.clock.advance("14s");
    await opik.clock.advance(1_001);
    expect((await silent).name).toBe("r");
    await expect(opik.clock.advance("soon")).rejects.toThrow('"soon" is not a duration');
    await expect(opik.clock.advance(-1)).rejects.toThrow("not a duration");
    const real = await start({ clock: "system", listen: false });
    await expect(real.clock.advance(1)).rejects.toThrow("virtual");
  });

  test("is after a reset as it was at the start: the same ids, the same time, nothing of before", async () => {
    const opik = await start({ fixtures: FIXTURE });
    const scenario = async (): Promise<unknown> => {
      const id = opik.jobs.create({ agent: "echo", project: "demo", inputs: 1 });
      await opik.clock.advance("3s");
      await work(opik, { status: "completed" });
      return { id, jobs: opik.jobs.list(), now: opik.clock.now() };
    };
    const first = await scenario();
    opik.reset();
    expect(opik.jobs.list()).toEqual([]);
    expect(await scenario()).toEqual(first);
  });

  test("rejects on a reset what still waits, and answers polls with nothing", async () => {
    const opik = await start({ fixtures: FIXTURE });
    const id = opik.jobs.create({ agent: "echo", project: "demo" });
    const waiting = expect(opik.jobs.waitFor(id, "completed")).rejects.toThrow("reset");
    const runner = partsOf(opik).opik.runners.all()[0]!.id;
    await poll(opik.url, runner);
    const openPoll = poll(opik.url, runner);
    await settled(() => partsOf(opik).openPolls.count === 1);
    opik.reset();
    await waiting;
    expect(await openPoll).toBe("null");
  });

  test("keeps its runners in a reset: their agents, their polls, and no id comes again", async () => {
    const opik = await start({ fixtures: FIXTURE });
    for (const server of [opik, connectOpikLocal(opik.url)]) {
      const { id: runner } = opik.runners.get("laptop")!;
      await call(opik, "PUT", `/v1/private/local-runners/${runner}/agents`, { echo: {}, sum: {} });
      const before = opik.jobs.create({ agent: "sum", project: "demo" });
      await work(opik, { status: "completed" });
      const openPoll = poll(opik.url, runner);
      await settled(() => partsOf(opik).openPolls.count === 1);
      await server.runners.connect({ agents: ["other"], project: "other" });
      opik.faults.add({ operation: "createJob", status: 503 });
      await server.reset({ keepRunners: true });
      expect({ jobs: opik.jobs.list(), faults: opik.faults.list(), requests: await opik.requests.list() }).toEqual({
        ...{ jobs: [], faults: [], requests: [] },
      });
      expect(opik.runners.list()).toMatchObject([{ id: runner, agents: [{ name: "echo" }, { name: "sum" }] }]);
      const after = opik.jobs.create({ agent: "sum", project: "demo" });
      expect(after).not.toBe(before);
      expect(JSON.parse(await openPoll)).toMatchObject({ id: after });
    }
    expect(() => opik.workspace("default").reset({ keepRunners: true })).toThrow("cannot keep its runners");
    const [refused] = [await call(opik, "POST", "/__local/reset?keep=everything")];
    expect(refused.status).toBe(400);
  });

  test("keeps two servers of one process apart", async () => {
    const [one, other] = [await start({ fixtures: FIXTURE }), await start({ fixtures: FIXTURE })];
    one.jobs.create({ agent: "echo", project: "demo" });
    expect(other.jobs.list()).toEqual([]);
    one.reset();
    expect(partsOf(other).opik.runners.all()).toHaveLength(1);
  });
});

type Opik = Awaited<ReturnType<typeof startOpikLocal>>;

/** What the server is made of, which is no part of what users see. */
function partsOf(opik: Opik): OpikLocalParts {
  return opik.server as OpikLocalParts;
}

async function poll(url: string, runner: string): Promise<string> {
  const response = await fetch(`${url}/v1/private/local-runners/${runner}/jobs/next`, { method: "POST" });
  return response.text();
}

function call(opik: Opik, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(opik.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** Does what an agent does with its next job, over the wire. */
async function work(opik: Opik, report: object): Promise<void> {
  const { id } = JSON.parse(await poll(opik.url, partsOf(opik).opik.runners.all()[0]!.id)) as { id: string };
  const post = (path: string, body: unknown): Promise<Response> =>
    call(opik, "POST", `/v1/private/local-runners/jobs/${id}/${path}`, body);
  await post("logs", [{ stream: "stdout", text: "working" }]);
  await post("results", report);
}
