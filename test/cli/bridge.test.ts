import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { signBridge } from "../../src/opik/runners/bridge/signature.ts";
import { bridgeKey } from "../../src/opik/runners/pairing/activation.ts";
import type { OpikLocalParts } from "../../src/server.ts";
import { startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { createCaller } from "../support/call.ts";
import { untilPollsHeld } from "../support/leaks.ts";
import { createProject } from "../support/pairing.ts";
import { run, startDev, testTerminal } from "./terminal.ts";

const KEY = Buffer.alloc(32, 7);

interface Session {
  session_id: string;
  runner_id: string;
  project_id: string;
}

/** Asks for a pairing, as `opik connect` does. */
async function requestPairing(url: string, project = "demo"): Promise<Session> {
  const call = createCaller(url);
  const project_id = await createProject(call, project);
  const body = { project_id, activation_key: KEY.toString("base64"), type: "connect" };
  const { json } = await call("POST", "/v1/private/pairing/sessions", { body });
  return { ...(json as Omit<Session, "project_id">), project_id };
}

/** The link that `opik connect` prints. */
function linkOf(url: string, { session_id, project_id }: Session, name: string): string {
  const bytes = Buffer.concat([
    Buffer.from(session_id.replaceAll("-", ""), "hex"),
    KEY,
    Buffer.from(project_id.replaceAll("-", ""), "hex"),
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([0]),
  ]);
  return `${url}/opik/pair/v1?workspace=default#${bytes.toString("base64url")}`;
}

interface World {
  opik: TestServer;
  session: Session;
  line(...argv: string[]): Promise<{ code: number; out: string; error: string }>;
  /** Executes the next command as the daemon of `opik connect` does. */
  answer(report: object): Promise<{ type: string; args: Record<string, unknown> }>;
}

/** A server with a runner that `opik-local pair` has paired. */
async function startPaired(): Promise<World> {
  const opik = await startOpikLocal({ config: { heartbeatTtlMs: 3_600_000 } });
  onTestFinished(() => opik.stop());
  const terminal = (): ReturnType<typeof testTerminal> => testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  const session = await requestPairing(opik.url);
  const paired = await run(["pair", linkOf(opik.url, session, "läptop")], terminal());
  expect(paired).toMatchObject({ code: 0, out: `läptop is paired (runner ${session.runner_id})\n` });
  const call = createCaller(opik.url);
  const runner = `/v1/private/local-runners/${session.runner_id}`;
  await call("POST", `${runner}/heartbeats`, { body: { capabilities: ["bridge"] } });
  return {
    opik,
    session,
    line: (...argv) => run(argv, terminal()),
    answer: async (report) => {
      const { json } = await call("POST", `${runner}/bridge/commands/next`, { body: {} });
      const [command] = (
        json as { commands: Array<{ command_id: string; type: string; args: Record<string, unknown> }> }
      ).commands;
      await call("POST", `${runner}/bridge/commands/${command?.command_id ?? ""}/results`, { body: report });
      return { type: command?.type ?? "", args: command?.args ?? {} };
    },
  };
}

describe("opik-local bridge", () => {
  test("submits commands that are signed with the key of the pairing, and prints what comes back", async () => {
    const { line, answer, session } = await startPaired();
    const executing = line("bridge", "läptop", "exec", "--", "ls", "-l");
    const result = { stdout: "a.py\n", stderr: "slow\n", exit_code: 3, truncated: false, _hmac: "x" };
    const { type, args } = await answer({ status: "completed", result });
    expect({ type, args }).toEqual({
      type: "Exec",
      args: { command: "ls -l", _hmac: signBridge(bridgeKey(KEY, session.session_id), "Exec", { command: "ls -l" }) },
    });
    const { code, out, error } = await executing;
    expect({ code, out }).toEqual({ code: 3, out: "a.py\n" });
    expect(error).toMatch(/\nslow\n$/);
  });

  test.for<[string[], string, object, object, string]>([
    [["read", "a.py"], "ReadFile", { path: "a.py" }, { content: "x = 1\n" }, "x = 1\n"],
    [["list", "src", "*.py"], "ListFiles", { path: "src", pattern: "*.py" }, { files: [] }, '{\n  "files": []\n}\n'],
    [["search", "TODO"], "SearchFiles", { pattern: "TODO", path: "" }, { matches: 0 }, '{\n  "matches": 0\n}\n'],
    [
      ["edit", "a.py", "old", "new"],
      "EditFile",
      { path: "a.py", edits: [{ old_string: "old", new_string: "new" }] },
      { done: true },
      '{\n  "done": true\n}\n',
    ],
  ])("%j is a command of the type %s", async ([words, type, args, result, out]) => {
    const { line, answer } = await startPaired();
    const executing = line("bridge", "läptop", ...words);
    expect(await answer({ status: "completed", result })).toMatchObject({ type, args });
    expect(await executing).toMatchObject({ code: 0, out });
  });

  test("waits for the answer as long as a command may take", async () => {
    const { opik, answer } = await startPaired();
    const clock = new VirtualClock();
    const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url }, clock });
    const executing = run(["bridge", "läptop", "exec", "--", "make"], terminal);
    await untilPollsHeld(opik.server as OpikLocalParts, 1);
    await clock.advance(60_000);
    await answer({ status: "completed", result: { stdout: "made\n", exit_code: 0 } });
    expect(await executing).toMatchObject({ code: 0, out: "made\n" });
  });

  test("writes the content of a file", async () => {
    const { opik, answer } = await startPaired();
    const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
    writeFileSync(join(terminal.folder, "b.py"), "y = 2\n");
    const executing = run(["bridge", "läptop", "write", "a.py", "b.py"], terminal);
    expect(await answer({ status: "completed", result: {} })).toMatchObject({
      ...{ type: "WriteFile", args: { path: "a.py", content: "y = 2\n" } },
    });
    expect(await executing).toMatchObject({ code: 0 });
  });

  test("says why a command failed, and what is missing", async () => {
    const { line, answer } = await startPaired();
    const executing = line("bridge", "läptop", "read", "a.py");
    await answer({ status: "failed", error: { code: "file_not_found", message: "no such file" } });
    expect(await executing).toMatchObject({
      code: 1,
      error: expect.stringContaining("The runner refused: no such file"),
    });
    for (const [argv, message] of [
      [["bridge"], "Which runner?"],
      [["bridge", "läptop", "constructor"], "What should the runner do? exec, read, write"],
      [["bridge", "läptop"], "What should the runner do? exec, read, write, edit, list, search"],
      [["bridge", "läptop", "read"], "Something is missing: `opik-local bridge RUNNER read agent.py`."],
      [["bridge", "läptop", "write", "a", "none"], "none cannot be read: it does not exist."],
      [
        ["bridge", "läptop", "read", "a", "--timeout", "soon"],
        '--timeout is "soon", but should be a number of seconds.',
      ],
      [["pair"], "Which link?"],
      [["pair", "--watch", "http://127.0.0.1/pair#AAAA"], "Choose one of --watch and a link."],
      [["pair", "http://127.0.0.1/pair#AAAA"], "This is not a pairing link"],
    ] as const) {
      expect(await line(...argv)).toMatchObject({ code: 2, out: "", error: expect.stringContaining(message) });
    }
    expect((await line("bridge", "desktop", "read", "a")).error).toContain(
      "There is no runner desktop. There is läptop.",
    );
  });
});

test("a command for a runner of a fixture, which was never paired, is not signed", async () => {
  const opik = await startOpikLocal({
    fixtures: {
      projects: [{ name: "demo" }],
      runners: [{ name: "ide", project: "demo", type: "connect", keep_alive: true, capabilities: ["bridge"] }],
    },
  });
  onTestFinished(() => opik.stop());
  const runner = opik.runners.get("ide")?.id ?? "";
  const reply = await createCaller(opik.url)("POST", "/__local/bridge", {
    body: { runner, type: "Exec", args: { command: "ls" } },
  });
  expect(reply).toMatchObject({ status: 201, json: { signed: false } });
  expect(opik.bridge.list()).toMatchObject([{ args: { command: "ls" } }]);
});

test("pair --watch pairs runners that wait already and those that ask later, under the name of the machine", async () => {
  const opik = await startOpikLocal();
  const waiting = await requestPairing(opik.url);
  const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  const watching = run(["pair", "--watch"], terminal);
  await terminal.stdout.line(new RegExp(`^${hostname()} is paired \\(runner ${waiting.runner_id}\\)$`));
  const later = await requestPairing(opik.url, "other");
  await terminal.stdout.line(new RegExp(`\\(runner ${later.runner_id}\\)$`));
  expect(opik.runners.get(later.runner_id)).toMatchObject({ name: hostname(), status: "connected" });
  expect(terminal.stderr.text).toBe(
    `# ${opik.url} (OPIK_LOCAL_URL)\n# pairing every runner that asks, until the server stops or Ctrl-C\n`,
  );
  await opik.stop();
  expect(await watching).toMatchObject({ code: 0 });
});

test("pair --watch --json prints an object for each runner, and stays when one was paired by its link meanwhile", async () => {
  const opik = await startOpikLocal();
  const terminal = testTerminal({ environment: { OPIK_LOCAL_URL: opik.url } });
  const watching = run(["pair", "--watch", "--json"], terminal);
  await opik.events.next("http:request:answered", ({ path }) => path === "/__local/pairings");
  // Pairs it in the same moment as it asks: before the command can.
  opik.server.events.on("pairing:session:created", ({ workspace, runner_id }) => {
    (opik.server as OpikLocalParts).opik.pairing.activateUnproven(workspace, runner_id, "quicker");
  });
  const first = await requestPairing(opik.url);
  await opik.events.next("http:request:answered", ({ path, status }) => path === "/__local/pairings" && status === 404);
  expect(opik.runners.get(first.runner_id)).toMatchObject({ name: "quicker" });
  await opik.stop();
  expect(await watching).toEqual({ code: 0, out: "", error: "" });
});

test("pairings are listed and approved over HTTP, in the workspace of the request", async () => {
  const opik = await startOpikLocal();
  onTestFinished(() => opik.stop());
  const call = createCaller(opik.url);
  const { runner_id, project_id } = await requestPairing(opik.url);
  const waiting = { runner_id, project_id, type: "connect", workspace: "default" };
  expect(await call("GET", "/__local/pairings")).toMatchObject({ status: 200, json: { runners: [waiting] } });
  const body = { runner: runner_id, name: "laptop" };
  const elsewhere = await call("POST", "/__local/pairings", { body: { ...body, name: "" } });
  expect(elsewhere).toMatchObject({ status: 400, json: { error: { details: [{ path: "name" }] } } });
  expect(await call("POST", "/__local/pairings", { body })).toMatchObject({
    ...{ status: 201, json: { runner_id, name: "laptop" } },
  });
  expect(await call("GET", "/__local/pairings")).toMatchObject({ json: { runners: [] } });
  expect(await call("POST", "/__local/pairings", { body })).toMatchObject({ status: 404 });
  const late = await requestPairing(opik.url, "other");
  await opik.clock.advance("10m");
  expect(await call("GET", "/__local/pairings")).toMatchObject({ json: { runners: [] } });
  expect(await call("POST", "/__local/pairings", { body: { ...body, runner: late.runner_id } })).toMatchObject({
    status: 404,
  });
});

test("dev --auto-pair pairs a runner as soon as it asks", async () => {
  const { url } = await startDev(["--auto-pair"]);
  const { runner_id } = await requestPairing(url);
  const reply = await createCaller(url)("GET", `/v1/private/local-runners/${runner_id}`);
  expect(reply).toMatchObject({ status: 200, json: { status: "connected", type: "connect" } });
});
