import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Opik } from "opik";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { UserInput } from "../../src/fixtures/format/input/users.ts";
import { type FixtureInput, startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { REAL_TIME, SDKS, startSdkAgent } from "./support/sdk-agent.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/*
 * What fixtures script, as clients and agents with the real SDKs see it.
 */

const SCRIPT = fileURLToPath(new URL("python/scripted.py", import.meta.url));

/** An agent, a bridge and an executor that answer without a process. */
const SCRIPTED: FixtureInput = {
  projects: [{ name: "demo" }],
  runners: [
    {
      name: "desk",
      project: "demo",
      agents: [
        {
          name: "support",
          respond: [
            { times: 1, logs: [{ text: "no model: $inputs.question", stream: "stderr" }], error: "no model" },
            {
              when: { question: "/refund/" },
              after: "200ms",
              logs: ["looking for $inputs.question"],
              result: { answer: "done: $inputs.question" },
              trace: {
                tags: ["scripted"],
                spans: [
                  { name: "answer", type: "llm", model: "gpt-4o-mini", spans: [{ name: "lookup", type: "tool" }] },
                ],
              },
            },
          ],
        },
      ],
    },
    {
      name: "editor",
      project: "demo",
      type: "connect",
      files: { "src/app.py": "print(1)\n" },
      respond: [{ type: "Exec", when: { command: "npm test" }, result: { stdout: "12 passed" } }],
    },
  ],
  executor_jobs: [
    {
      slug: "release",
      respond: [{ logs: ["building $payload.version"], wait_for: "approve-$payload.version", result: "$event" }],
    },
  ],
};

/** What every client sees of it. */
const JOBS = [
  { status: "failed", error: "no model", logs: [["stderr", "no model: first"]] },
  {
    status: "completed",
    result: { answer: "done: refund please" },
    logs: [["stdout", "looking for refund please"]],
    trace: {
      name: "support",
      input: { question: "refund please" },
      output: { answer: "done: refund please" },
      tags: ["scripted"],
    },
    spans: [
      ["answer", "llm", "gpt-4o-mini"],
      ["lookup", "tool", null],
    ],
  },
];
const COMMANDS = [
  { status: "completed", result: { content: "print(1)\n" } },
  { status: "completed", result: { edits_applied: 1 } },
  { status: "completed", result: { matches: [{ file: "src/app.py", line: 1, content: "print(2)" }] } },
  { status: "completed", result: { stdout: "12 passed", exit_code: 0 } },
  { status: "failed", error: { code: "file_not_found" } },
];

describe("clients of scripted agents, files and executors", () => {
  let opik: TestServer;
  beforeEach(async () => {
    opik = await startOpikLocal({ clock: "system", fixtures: SCRIPTED });
    return () => opik.stop();
  });

  test("with the SDK from npm, submit jobs and bridge commands, and read results, logs and traces", async () => {
    vi.stubEnv("OPIK_URL_OVERRIDE", opik.apiUrl);
    const { api } = new Opik({ apiUrl: opik.apiUrl, projectName: "demo", workspaceName: "default" });
    const { id: projectId = "" } = await api.projects.retrieveProject({ name: "demo" });
    const runJob = async (question: string): Promise<unknown> => {
      const request = { agentName: "support", projectId, inputs: { question } };
      const { rawResponse } = await api.runners.createJob(request).withRawResponse();
      const id = rawResponse.headers.get("location")?.split("/").at(-1) ?? "";
      await opik.jobs.waitFor(id, ({ status }) => status === "completed" || status === "failed", REAL_TIME);
      const { status, result, error, traceId } = await api.runners.getJob(id);
      const logs = (await api.runners.getJobLogs(id)).map(({ stream, text }) => [stream, text]);
      const job = { status, result, error, logs };
      if (traceId === undefined) return job;
      const { name, input, output, tags } = await api.traces.getTraceById(traceId);
      const { content = [] } = await api.spans.getSpansByProject({ projectName: "demo", traceId });
      const spans = content.map((span) => [span.name, span.type, span.model ?? null]).toSorted();
      return { ...job, trace: { name, input, output, tags }, spans };
    };
    expect([await runJob("first"), await runJob("refund please")]).toMatchObject(JOBS);

    const { content: runners = [] } = await api.runners.listRunners({ projectId });
    const editor = runners.find(({ name }) => name === "editor")?.id ?? "";
    const runCommand = async (type: "ReadFile" | "EditFile" | "SearchFiles" | "Exec", args: object) => {
      const { commandId = "" } = await api.runners.createBridgeCommand(editor, { type, args: { ...args } });
      return api.runners.getBridgeCommand(editor, commandId, { wait: true, timeout: 30 });
    };
    expect([
      await runCommand("ReadFile", { path: "src/app.py" }),
      await runCommand("EditFile", { path: "src/app.py", edits: [{ old_string: "1", new_string: "2" }] }),
      await runCommand("SearchFiles", { pattern: "print" }),
      await runCommand("Exec", { command: "npm test" }),
      await runCommand("ReadFile", { path: "absent" }),
    ]).toMatchObject(COMMANDS);
  });

  test.skipIf(!PYTHON)("with the SDKs from PyPI, see the same, and a run (OPIK_LOCAL_TEST_PYTHON)", async () => {
    const env = pythonEnvironment(opik.url, temporaryFolder());
    const { stdout } = await promisify(execFile)(PYTHON!, [SCRIPT], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      jobs: JOBS,
      commands: COMMANDS,
      run: { status: "completed", result: { by: "ada" }, attempt: 1, messages: ["building 1.4.2"] },
    });
  });
});

describe.each(SDKS)("scripted users of an agent with the SDK from %s", (sdk) => {
  test("submit jobs on a schedule of the virtual clock, and after an event", async () => {
    const users: UserInput[] = [
      {
        name: "ada",
        does: [
          { every: "10s", times: 2, run: { agent: "echo", inputs: { question: "Number $count" } } },
          {
            on: "job:status:changed",
            when: { job: { status: "completed", agent_name: "echo" } },
            times: 1,
            run: { agent: "fail", inputs: { reason: "$event.job.result.result" } },
          },
        ],
      },
    ];
    const { opik } = await startSdkAgent(sdk, { clock: "virtual", users });
    const jobs = (): unknown[] =>
      opik.jobs.list().map(({ agent_name, status, result, error }) => [agent_name, status, result ?? error]);
    expect(jobs()).toEqual([]);
    await opik.clock.advance("10s", { settle: true });
    expect(jobs()).toEqual([
      ["echo", "completed", { result: "ada: Number 1" }],
      ["fail", "failed", expect.stringContaining("ada: Number 1")],
    ]);
    await opik.clock.advance("30s", { settle: true });
    expect(jobs()).toHaveLength(3);
    expect(jobs()).toContainEqual(["echo", "completed", { result: "ada: Number 2" }]);
  });
});
