import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import { run as runLine, startDev, testTerminal } from "./terminal.ts";

const FIXTURE = {
  projects: [{ name: "demo" }, { name: "other" }],
  runners: [
    { name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }, { name: "sum" }] },
    { name: "server", project: "other", keep_alive: true, agents: [{ name: "sum" }] },
  ],
};

interface World {
  opik: TestServer;
  /** Runs a command with the server. */
  line(...argv: string[]): Promise<{ code: number; out: string; error: string }>;
  /** Takes the next job of the runner, as its agent does. */
  next(): Promise<string>;
  report(id: string, result: object, ...logs: string[]): Promise<void>;
}

async function start(): Promise<World> {
  const opik = await startOpikLocal({ fixtures: FIXTURE });
  onTestFinished(() => opik.stop());
  const call = createCaller(opik.url);
  const base = "/v1/private/local-runners";
  return {
    opik,
    line: (...argv) => runLine(argv, testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } })),
    next: async () => {
      const reply = await call("POST", `${base}/${opik.runners.get("laptop")?.id ?? ""}/jobs/next`);
      return (reply.json as { id: string }).id;
    },
    report: async (id, result, ...logs) => {
      const body = logs.map((text) => ({ stream: "stdout", text: `${text}\n` }));
      if (logs.length > 0) await call("POST", `${base}/jobs/${id}/logs`, { body });
      await call("POST", `${base}/jobs/${id}/results`, { body: result });
    },
  };
}

describe("opik-local run", () => {
  test("submits a job, prints its logs on the error output and its result, as written, on the output", async () => {
    const { opik, line, next, report } = await start();
    const running = line(
      "run",
      "echo",
      "text=hello world",
      "n=1.0",
      "flag=true",
      'list=[1, "a"]',
      'quoted="3"',
      "id=3x",
    );
    const id = await next();
    expect(opik.jobs.get(id)?.inputs).toEqual({
      ...{ text: "hello world", n: 1, flag: true, list: [1, "a"], quoted: "3", id: "3x" },
    });
    const job = await fetch(`${opik.apiUrl}/v1/private/local-runners/jobs/${id}`);
    expect(await job.text(), "a number as it was written").toContain('"n":1.0');
    await report(id, { status: "completed", result: { sum: 2 } }, "working");
    const { code, out, error } = await running;
    expect({ code, out }).toEqual({ code: 0, out: '{"sum":2}\n' });
    expect(error).toBe(`# ${opik.url} (OPIK_LOCAL_URL)\nworking\n`);
  });

  test.for<[string[], object]>([
    [["--json", '{"text":"x","n":1}'], { text: "x", n: 1 }],
    [['--json={"text":"x"}', "n=2"], { text: "x", n: 2 }],
    [["--inputs", '{"text":"x"}'], { text: "x" }],
  ])("reads %j as its inputs", async ([argv, inputs]) => {
    const { opik, line } = await start();
    const { out } = await line("run", "echo", ...argv, "--no-follow");
    expect(opik.jobs.get(out.trim())?.inputs).toEqual(inputs);
    const { out: json } = await line("run", "echo", "--json", ...argv, "--no-follow");
    expect(opik.jobs.get((JSON.parse(json) as { id: string }).id)?.inputs).toEqual(inputs);
  });

  test("ends with 1 when the job failed", async () => {
    const { line, next, report } = await start();
    const running = line("run", "echo", "--inputs", '{"text":"x"}', "n=2");
    const id = await next();
    await report(id, { status: "failed", error: "no luck" });
    const { code, out, error } = await running;
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toContain(`The job ${id} has failed: no luck`);
  });

  test("says what a job waits for when it is not assigned for a while", async () => {
    const { opik, line } = await start();
    const running = line("run", "echo");
    await opik.events.next("job:status:changed", () => true);
    const [job] = opik.jobs.list();
    // The reason is asked for once; its end is not waited for.
    await opik.events.next("http:request:answered", ({ path }) => path === "/__local/why", { timeoutMs: 60_000 });
    opik.jobs.cancel(job?.id ?? "");
    const { code, error } = await running;
    expect(code).toBe(1);
    expect(error).toContain(
      "Its runner laptop is connected and does not poll for jobs.\nStart its agents with `opik-local endpoint --runner laptop -- COMMAND`",
    );
  });

  test("with --no-follow prints the id at once, with --json an object", async () => {
    const { opik, line } = await start();
    const { out } = await line("run", "echo", "--no-follow");
    const { out: json, error } = await line("run", "echo", "--no-follow", "--json");
    expect([out.trim(), (JSON.parse(json) as { id: string }).id]).toEqual(opik.jobs.list().map(({ id }) => id));
    expect(error).toBe("");
  });

  test.for<[string[], number, string]>([
    [["run"], 2, "Which agent? `opik-local run echo text=hello`."],
    [
      ["jobs", "--status", "pendig"],
      2,
      "should be one of pending, running, completed, failed, cancelled. Did you mean pending?",
    ],
    [["runs", "--status", "runing"], 2, '--status is "runing", but should be one of delayed, queued,'],
    [["clock", "advance", "soon"], 2, '"soon" is not a duration such as 16s or 5m.\n'],
    [["clock", "run-until-idle", "5"], 2, '"5" is not a duration such as 16s or 5m.\n'],
    [
      ["clock", "set", "2026-02-30T00:00:00Z"],
      2,
      '"2026-02-30T00:00:00Z" is not a time such as 2026-01-02T00:00:00Z.\n',
    ],
    [["jobs", "--limit", "-1"], 2, '--limit is "-1", but should be a number from 1 to 1000.\n'],
    [["run", "ecko"], 1, "No runner has the agent ecko. The agents are echo, sum.\n"],
    [["run", "sum"], 1, "Several projects have the agent sum: demo, other. Choose one with --project.\n"],
    [["run", "echo", "--project", "nowhere"], 1, "There is no project nowhere. There are demo, other.\n"],
    [["run", "echo", "text"], 2, '"text" should be key=value, such as text=hello.\n'],
    [["run", "echo", "--inputs", "{"], 2, "{ is not JSON.\n"],
    [["run", "echo", "--inputs", "[1]", "a=1"], 2, "[1] is not an object, so that key=value cannot be added.\n"],
    [["job"], 2, "Which job? `opik-local job last`, or an id of `opik-local jobs`.\n"],
    [["job", "last"], 1, "There are no jobs.\n"],
    [["job", "1234"], 1, "There is no job 1234.\n"],
    [["job", "00000000-0000-7000-8000-000000000000"], 1, "00000000-0000-7000-8000-000000000000"],
    [["jobs", "--limit", "many"], 2, '--limit is "many", but should be a number from 1 to 1000.\n'],
    [["trace", "last"], 1, "There are no traces.\n"],
    [["runs", "last"], 1, "There are no runs.\n"],
    [["trigger", "deploy"], 1, "There are no executor jobs yet. `opik-local help executor` shows how to make one.\n"],
    [["event", "approve"], 1, "No run waits for the event approve.\n"],
    [["why", "last"], 1, "There are no jobs and no runs.\n"],
    [["why", "1234"], 1, "There is no job and no run 1234.\n"],
    [["why", "00000000-0000-7000-8000-000000000000"], 1, "There is no job and no run 0000"],
    [["clock", "set"], 2, "Which time? `opik-local clock set 2026-01-02T00:00:00Z`.\n"],
    [["faults", "--remove", "fault-9"], 1, 'There is no fault "fault-9".\n'],
    [["clock", "constructor"], 2, "There is no constructor: advance, set, resume, freeze, run-until-idle.\n"],
    [["clock", "stop"], 2, "There is no stop: advance, set, resume, freeze, run-until-idle.\n"],
    [["record", "--out", "run.yaml"], 2, "The flag --upstream is missing. See `opik-local record --help`.\n"],
    [["record", "--upstream", "http://127.0.0.1:1"], 2, "The flag --out is missing. See `opik-local record --help`.\n"],
  ])("%j is refused with one sentence", async ([argv, expected, message]) => {
    const { line } = await start();
    const { code, out, error } = await line(...argv);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(error.replace(/^#.*\n/, "")).toContain(message);
  });
});

test("jobs are listed, shown, followed and cancelled by any part of their ids", async () => {
  const { opik, line, next, report } = await start();
  const first = opik.jobs.create({ agent: "echo", project: "demo", inputs: { a: 1 } });
  await opik.clock.advance("1m");
  const second = opik.jobs.create({ agent: "sum", project: "demo" });
  await next();
  const short = `${first.slice(0, 4)}…${first.slice(-4)}`;
  expect((await line("jobs")).out.split("\n").map((text) => text.replaceAll(/ {2,}/g, "  "))).toEqual([
    `${second.slice(0, 4)}…${second.slice(-4)}  sum  pending  0 ms ago`,
    `${short}  echo  running  1 min ago, for 0 ms`,
    "",
  ]);
  expect(JSON.parse((await line("jobs", "--json", "--status", "running")).out)).toMatchObject([{ id: first }]);
  expect((await line("jobs", "--project", "other")).out).toBe("no jobs\n");

  const followed = line("logs", "-f", short);
  await report(first, { status: "completed" }, "one", "two");
  expect(await followed).toMatchObject({ code: 0, out: "one\ntwo\n" });
  expect((await line("logs", first.slice(-6))).out).toBe("one\ntwo\n");
  expect((await line("job", first.slice(-6))).out).toMatch(/^id {13}\S+\n[^]*inputs {9}\{"a":1\}[^]*\n\none\ntwo\n$/);

  expect((await line("cancel", "last")).out).toBe(`The job ${second} is cancelled.\n`);
  expect((await line("cancel", first)).out).toBe(`The job ${first} has ended already: it is completed.\n`);
  expect((await line("cancel", "019b")).error).toContain("019b is several jobs: ");
});

test("traces are listed, and shown as a tree", async () => {
  const { opik, line } = await start();
  const call = createCaller(opik.url);
  const id = (digit: number): string => `019b0000-0000-7000-8000-00000000000${digit}`;
  const times = { start_time: "2026-01-01T00:00:00Z", end_time: "2026-01-01T00:00:01.500Z" };
  await call("POST", "/v1/private/traces", {
    body: { id: id(1), project_name: "demo", name: "answer", ...times, input: { question: "why?" } },
  });
  const span = { trace_id: id(1), project_name: "demo", ...times };
  const spans = [
    { ...span, id: id(2), name: "retrieve", type: "tool" },
    { ...span, id: id(3), name: "generate", error_info: { exception_type: "ValueError", message: "no" } },
    {
      ...span,
      id: id(4),
      name: "call",
      parent_span_id: id(3),
      type: "llm",
      model: "gpt-4o",
      usage: { total_tokens: 30 },
    },
  ];
  await call("POST", "/v1/private/spans/batch", { body: { spans } });
  expect((await line("trace", "answer")).out.split("\n")).toEqual([
    `trace ${id(1)}`,
    "answer       1.5 s  30 tokens",
    "├─ retrieve  1.5 s  tool",
    "└─ generate  1.5 s  ValueError: no",
    "   └─ call   1.5 s  llm  gpt-4o  30 tokens",
    'input  {"question":"why?"}',
    "",
  ]);
  expect((await line("traces")).out).toBe("019b…0001  answer  0 ms ago  1.5 s  3 spans  30 tokens\n");
  expect(JSON.parse((await line("trace", "last", "--json")).out)).toMatchObject({ spans: [{}, {}, {}] });
});

test("executor runs are triggered, listed, sent events and explained", async () => {
  const { opik, line } = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "shop" });
  const { out } = await line("trigger", "deploy", "version=1.4.2", "--json");
  const { id, run_token } = JSON.parse(out) as { id: string; run_token: string };
  expect(opik.runs.get(id)?.payload).toEqual({ version: "1.4.2" });
  expect((await line("why", id)).out).toBe(
    `The run ${id} is queued. It waits in the queue default for a worker.\n` +
      "A worker takes it with POST /__local/runs/next?queue=default, or with its run token.\n",
  );
  const call = createCaller(opik.url);
  const headers = { authorization: `Bearer ${run_token}` };
  await call("POST", `/sdk/v1/runs/${id}/log`, { headers, body: { message: "built" } });
  expect((await line("why", id)).out).toContain("A worker executes attempt 1 for 0 ms.");
  await call("POST", `/sdk/v1/runs/${id}/wait-for-event`, { headers, body: { event_key: "approve" } });
  expect((await line("why", "last")).out).toContain("It waits for the event approve. It times out in");
  expect((await line("event", "approve", "by=ada")).out).toBe(`approve was sent to the run ${id}\n`);
  expect(opik.waits.list({ project: "shop" })).toMatchObject([{ response_payload: { by: "ada" } }]);
  await call("POST", `/sdk/v1/runs/${id}/fail`, { headers, body: { error: "no luck" } });
  expect((await line("runs")).out).toMatch(/^\S+ {2}deploy {2}failed {2}0 ms ago, took 0 ms {2}no luck\n$/);
  expect((await line("runs", "last")).out).toMatch(/log {14}built\n/);
});

test("runs are started, paused, resumed, replayed and canceled", async () => {
  const { opik, line } = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "shop", max_attempts: 1 });
  const act = async (...words: string[]): Promise<string> => (await line("runs", ...words)).out;
  const call = createCaller(opik.url);
  const jobId = opik.executorJobs.create({ slug: "late", execution_mode: "worker", project: "shop" });
  const { json } = await call("POST", `/v1/jobs/${jobId}/trigger?project_id=shop`, {
    body: { scheduled_at: "2026-01-02T00:00:00Z" },
  });
  const { id: delayed } = json as { id: string };
  expect((await line("why", "last")).out).toBe(
    `The run ${delayed} is delayed. It is scheduled in 24.0 h.\n` +
      `Wait, advance a virtual clock, or start it now: opik-local runs ${delayed} start\n`,
  );
  expect(await act("last", "start")).toBe(`The run ${delayed} is started now.\n`);
  expect(opik.runs.get(delayed)?.status).toBe("queued");
  await call("POST", `/v1/jobs/${jobId}/pause`, { body: {} });
  expect((await line("why", delayed)).out).toContain(`Resume it: opik-local runs ${delayed} resume\n`);
  expect(await act("last", "resume")).toBe(`The run ${delayed} goes on: its job late is resumed.\n`);
  expect((await line("why", delayed)).out).toContain("It waits in the queue default for a worker.");
  expect(await act("last", "cancel")).toBe(`The run ${delayed} is canceled.\n`);
  await opik.clock.advance(1);
  const { id, run_token } = opik.runs.trigger({ job: "deploy", project: "shop" });
  const headers = { authorization: `Bearer ${run_token}` };
  await call("POST", `/sdk/v1/runs/${id}/heartbeat`, { headers });
  expect(await act("last", "pause")).toBe(`The run ${id} is paused.\n`);
  expect((await line("why", id)).out).toContain(`It was paused.\nResume it: opik-local runs ${id} resume\n`);
  expect(await act("last", "resume")).toBe(`The run ${id} is resumed.\n`);
  const second = (await call("POST", "/__local/runs/next?queue=default")).json as { run_token: string };
  await call("POST", `/sdk/v1/runs/${id}/fail`, {
    headers: { authorization: `Bearer ${second.run_token}` },
    body: { error: "no luck" },
  });
  expect(opik.runs.get(id)?.status).toBe("failed");
  expect(await act("last", "replay")).toMatch(new RegExp(`^The run ${id} is replayed as the run \\S+\\.\n$`));
  expect(await line("runs", id, "pause")).toMatchObject({ code: 1, out: "" });
  expect(await line("runs", id, "halt")).toMatchObject({
    code: 2,
    error: expect.stringContaining(
      "There is no action halt of runs. The actions are start, pause, resume, replay, cancel.",
    ),
  });
});

test("dead letters are replayed as themselves", async () => {
  const { opik, line } = await start();
  // Nothing listens there.
  opik.executorJobs.create({ slug: "push", endpoint_url: "http://127.0.0.1:1", project: "shop", max_attempts: 1 });
  const { id } = opik.runs.trigger({ job: "push", project: "shop" });
  await opik.runs.waitFor(id, "dead_letter");
  expect((await line("why", id)).out).toContain(`is a dead letter. Its only attempt failed: `);
  expect((await line("why", id)).out).toContain(
    `Correct the executor at http://127.0.0.1:1 and replay it: opik-local runs ${id} replay\n`,
  );
  expect((await line("runs", "last", "replay")).out).toBe(`The run ${id} is replayed.\n`);
});

test("what an agent prints is shown without its colours and links", async () => {
  const { opik, line, next, report } = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  await next();
  await report(
    id,
    { status: "completed", result: {} },
    "\u001b[34mINFO\u001b[39m \u001b]8;;http://x\u0007there\u001b]8;;\u0007",
  );
  expect((await line("logs", id)).out).toBe("INFO there\n");
  expect((await line("job", id)).out).toContain("\n\nINFO there\n");
});

test("the newest of jobs and runs is the last one", async () => {
  const { opik, line } = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "shop" });
  const job = opik.jobs.create({ agent: "echo", project: "demo" });
  await opik.clock.advance(1);
  const run = opik.runs.trigger({ job: "deploy", project: "shop" }).id;
  expect((await line("why", "last")).out).toContain(`The run ${run} is queued.`);
  await opik.clock.advance(1);
  const newer = opik.jobs.create({ agent: "echo", project: "demo" });
  expect((await line("why", "last")).out).toContain(`The job ${newer} is pending.`);
  expect((await line("why", job)).out).toContain(`The job ${job} is pending.`);
});

test("an event of another name is refused with those that runs wait for", async () => {
  const { opik, line } = await start();
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "shop" });
  const { id, run_token } = opik.runs.trigger({ job: "deploy", project: "shop" });
  const headers = { authorization: `Bearer ${run_token}` };
  const call = createCaller(opik.url);
  await call("POST", `/sdk/v1/runs/${id}/wait-for-event`, { headers, body: { event_key: "approve-1.4.2" } });
  expect((await line("event", "go")).error).toContain("No run waits for the event go. Runs wait for approve-1.4.2.\n");
  expect((await line("event", "aprove-1.4.2")).error).toContain("Did you mean approve-1.4.2?\n");
});

test("a job for a runner that is not connected is refused with what starts it", async () => {
  const opik = await startOpikLocal({
    fixtures: {
      projects: [{ name: "demo" }],
      runners: [{ name: "my laptop", project: "demo", agents: [{ name: "echo" }] }],
    },
  });
  onTestFinished(() => opik.stop());
  await opik.clock.advance("1h");
  const environment = { OPIK_LOCAL_URL: opik.url };
  const { code, error } = await runLine(["run", "echo"], testTerminal({ environment }));
  expect({ code, error }).toEqual({
    code: 1,
    error:
      `# ${opik.url} (OPIK_LOCAL_URL)\nThe runner my laptop of the agent echo is not connected. ` +
      "Start its program again, or: opik-local endpoint --runner 'my laptop' -- COMMAND\n",
  });
});

test.for<[object[], string]>([
  [[], "No runner is connected: start your agent with `opik endpoint -- COMMAND` or `opik-local endpoint -- COMMAND`."],
  [
    [{ name: "laptop", project: "demo", keep_alive: true }],
    "The program of the runner laptop has not registered any agent yet.",
  ],
])("without any agent, with the runners %j, run says what is missing", async ([runners, message]) => {
  const opik = await startOpikLocal({
    fixtures: { projects: [{ name: "demo" }], runners: runners as typeof FIXTURE.runners },
  });
  onTestFinished(() => opik.stop());
  const { error } = await runLine(["run", "echo"], testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } }));
  expect(error).toContain(`No runner has the agent echo. ${message}\n`);
});

test("the presets of faults are wrapped where the terminal ends", async () => {
  const { opik } = await start();
  const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  Object.assign(terminal.stdout, { columns: 60 });
  const { out } = await runLine(["faults"], terminal);
  expect(out.split("\n").filter((text) => text.length > 60)).toEqual([]);
  expect(out).toMatch(/\n {2}overloaded\n {4}\w.*\n {4}\w/);
});

test("why explains each state of a job", async () => {
  const { opik, line, next, report } = await start();
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const why = async (): Promise<string> => (await line("why", id)).out;
  expect(await why()).toContain(
    "is pending. Its runner laptop is connected and does not poll for jobs.\n" +
      "Start its agents with `opik-local endpoint --runner laptop -- COMMAND`, " +
      "or pair another one with `opik endpoint --project demo -- COMMAND`.",
  );
  await next();
  expect(await why()).toContain(
    "is running. Its agent executes it for 0 ms. It times out in 30 min. Its agent has printed nothing.",
  );
  const behind = opik.jobs.create({ agent: "echo", project: "demo" });
  expect((await line("why", behind)).out).toContain(
    "Its runner laptop polls. Before it are 0 pending and 1 running jobs.",
  );
  await report(id, { status: "failed", error: "no luck" });
  expect(await why()).toBe(
    `The job ${id} has failed. The reason: no luck\nSee what the agent printed: opik-local logs ${id}\n`,
  );
});

test("the clock is shown and advanced, and everything is reset", async () => {
  const { opik, line } = await start();
  expect((await line("clock")).out).toBe("2026-01-01T00:00:00.000Z (virtual, stands still)\n");
  expect((await line("clock", "advance", "16s")).out).toBe("2026-01-01T00:00:16.000Z (virtual, stands still)\n");
  opik.jobs.create({ agent: "echo", project: "demo" });
  expect(await line("reset")).toMatchObject({ code: 0, out: "everything was deleted\n" });
  expect(opik.jobs.list()).toEqual([]);
  expect(opik.runners.list()).toHaveLength(2);
});

test("the requests of clients are listed, and forgotten", async () => {
  const { opik, line } = await start();
  const call = createCaller(opik.url);
  expect((await line("requests")).out).toBe("no requests\n");
  await call("GET", "/v1/private/projects");
  await call("GET", "/v1/private/project");
  const { out } = await line("requests");
  expect(out.split("\n")).toEqual([
    expect.stringMatching(/^GET {2}200 .*\/v1\/private\/projects$/),
    expect.stringMatching(/^GET {2}404 .*\/v1\/private\/project no route; the nearest is GET \/v1\/private\/projects$/),
    "",
  ]);
  expect(JSON.parse((await line("requests", "--unmatched", "--json")).out)).toMatchObject([{ status: 404 }]);
  expect((await line("requests", "--clear")).out).toBe("all requests are forgotten\n");
  expect((await line("requests", "--status", "4xx")).out).toBe("no requests\n");
});

test("faults are listed, added and removed", async () => {
  const { line } = await start();
  expect((await line("faults")).out).toContain(
    "no faults; `opik-local faults PRESET` adds one of\n  flaky-network\n    Slow answers",
  );
  const rule = '{"path":"/v1/private/projects","status":503}';
  expect((await line("faults", rule)).out).toMatch(/^\S+ {2}\{.*"status":503.*\} {2}applied to 0 of 0 requests\n$/);
  const { faults } = JSON.parse((await line("faults", "--json")).out) as { faults: Array<{ id: string }> };
  expect((await line("faults", "--remove", faults[0]?.id ?? "")).out).toContain("no faults");
  expect((await line("faults", "overloaded", "--json")).out).toContain('"preset":"overloaded"');
  expect((await line("faults", "--clear")).out).toContain("no faults");
  expect(await line("faults", "sunny")).toMatchObject({
    code: 2,
    error: expect.stringContaining("There is no preset sunny. The presets are flaky-network, overloaded,"),
  });
  expect((await line("faults", "overload")).error).toContain("There is no preset overload. Did you mean overloaded?");
  expect(await line("faults", "{")).toMatchObject({ code: 2, error: expect.stringContaining("{ is not JSON.") });
});

test("projects of executor runs are meant by their names", async () => {
  const { opik, line } = await start();
  const call = createCaller(opik.url);
  await call("POST", "/v1/projects", { body: { id: "p-1", org_id: "o", name: "Web shop" } });
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "p-1" });
  opik.executorJobs.create({ slug: "deploy", execution_mode: "worker", project: "p-2" });
  const { out } = await line("trigger", "deploy", "--project", "Web shop", "--json", '{"version":"1.4.2"}');
  expect(opik.runs.get(out.trim())).toMatchObject({ project_id: "p-1", payload: { version: "1.4.2" } });
  for (const [project, count] of [
    ["Web shop", 1],
    ["p-1", 1],
    ["p-2", 0],
  ] as const) {
    expect(JSON.parse((await line("runs", "--project", project, "--json")).out), project).toHaveLength(count);
  }
});

test.for([
  ["--job", "last"],
  ["--runner", "laptop"],
] as const)("events are followed of what %s %s means", async ([flag, name]) => {
  const { opik, next } = await start();
  opik.jobs.create({ agent: "sum", project: "other" });
  await opik.clock.advance(1);
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  const ended = runLine(["events", "job:*", flag, name, "--json"], terminal);
  await terminal.stderr.line(/following/);
  opik.jobs.cancel(opik.jobs.list().find(({ agent_name }) => agent_name === "sum")?.id ?? "");
  await next();
  const [first = "{}"] = [await terminal.stdout.line(/job:status/)];
  expect(JSON.parse(first)).toMatchObject({ payload: { job: { id, status: "running" } } });
  await opik.stop();
  await ended;
});

test("events are followed until the server ends", async () => {
  const { opik } = await start();
  const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  const ended = runLine(["events", "job:*", "--json"], terminal);
  await terminal.stderr.line(/following/);
  const id = opik.jobs.create({ agent: "echo", project: "demo" });
  const event = JSON.parse(await terminal.stdout.line(/job:status/)) as object;
  expect(event).toMatchObject({ name: "job:status:changed", payload: { job: { id } } });
  await opik.stop();
  await ended;
  const other = await start();
  expect(await other.line("events", "jobs")).toMatchObject({
    code: 1,
    error: expect.stringContaining("There is no event"),
  });
});

test("a command finds the server that dev runs in its folder", async () => {
  const { terminal, url } = await startDev(["--db", join(".opik-local", "opik-local.db")]);
  const { out, error } = await runLine(["jobs"], { ...testTerminal(), folder: terminal.folder });
  expect({ out, error }).toEqual({ out: "no jobs\n", error: `# ${url} (the server of this folder)\n` });
});
