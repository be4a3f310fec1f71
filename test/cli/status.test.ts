import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { State } from "../../src/admin/schema.ts";
import { startTestServer } from "../support/server.ts";
import { run, testTerminal } from "./terminal.ts";

function id(number: number): string {
  return `0197f0a0-0000-7000-8000-00000000000${number}`;
}

const NONE = { pending: 0, running: 0 };
const STATE: State = {
  version: "1.2.3",
  database: "opik-local.db",
  clock: "virtual",
  now: "2026-01-01T00:00:02.000Z",
  started_at: "2026-01-01T00:00:00.000Z",
  uptime_ms: 2_000,
  workspaces: ["default"],
  open_polls: 2,
  projects: [{ id: id(1), name: "demo", workspace: "default" }],
  runners: [
    {
      ...{ id: id(2), name: "laptop", type: "endpoint", project_id: id(1), workspace: "default", status: "connected" },
      connected_at: "2026-01-01T00:00:00.000Z",
      polls: true,
      open_polls: 2,
      agents: ["echo", "slow"],
      jobs: { pending: 3, running: 1 },
    },
    {
      ...{ id: id(3), name: "ide", type: "connect", project_id: id(1), workspace: "default", status: "disconnected" },
      connected_at: "2026-01-01T00:00:00.000Z",
      polls: false,
      open_polls: 0,
      agents: [],
      jobs: NONE,
    },
  ],
  jobs: { pending: 3, running: 1 },
  bridge_commands: NONE,
  executor_jobs: [{ id: id(4), slug: "orders", project_id: "shop", paused: true, runs: { waiting: 2 } }],
  executor_runs: { queued: 0, waiting: 2 },
};

/** A server that knows `/__local/state`, or answers everything with a status. */
async function startServer(status = 200, state: unknown = STATE): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/__local/state" ? status : 404;
    response.end(JSON.stringify(state));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("opik-local status", () => {
  test("shows what the server has", async () => {
    const url = await startServer();
    const { code, error, out } = await run(["status", "--url", url]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out.split("\n")).toEqual([
      `opik-local 1.2.3 at ${url}, up 2.0 s`,
      "",
      "  Data             opik-local.db",
      "  Workspaces       default",
      "  Projects         demo",
      "  Open polls       2",
      "  Jobs             3 pending, 1 running",
      "  Bridge commands  none",
      "  Executor runs    2 waiting",
      "  Virtual clock    2026-01-01T00:00:02.000Z",
      "",
      "Runners:",
      "  laptop  demo, endpoint, connected    echo, slow  jobs: 3 pending, 1 running",
      "  ide     demo, connect, disconnected  no agents   jobs: none",
      "",
      "Executor jobs:",
      "  orders  shop, paused  runs: 2 waiting",
      "",
    ]);
  });

  test("fits a terminal of 60 columns", async () => {
    const terminal = testTerminal();
    Object.assign(terminal.stdout, { columns: 60 });
    const projects = Array.from({ length: 9 }, (_, index) => ({ ...STATE.projects[0]!, name: `a-project-${index}` }));
    const state = { ...STATE, projects: [STATE.projects[0]!, ...projects] };
    const { out } = await run(["status", "--url", await startServer(200, state)], terminal);
    const lines = out.split("\n");
    expect(Math.max(...lines.map(({ length }) => length))).toBe(60);
    const runners = lines.indexOf("Runners:");
    expect(lines.slice(runners, runners + 7)).toEqual([
      "Runners:",
      "  laptop  a-project-8, endpoint, connected",
      "      echo, slow",
      "      jobs: 3 pending, 1 running",
      "  ide     a-project-8, connect, disconnected",
      "      no agents",
      "      jobs: none",
    ]);
  });

  test("reports a runner that is connected and does not poll", async () => {
    const runners = STATE.runners.map((runner) => ({ ...runner, status: "connected" }));
    const { out } = await run(["status", "--url", await startServer(200, { ...STATE, runners })]);
    expect(out).toContain("  laptop  demo, endpoint, connected              echo, slow");
    expect(out).toContain("  ide     demo, connect, connected, not polling  no agents ");
  });

  test("shows control characters of names instead of obeying them", async () => {
    const name = "a\u001b[2J\nb\u009b";
    const shown = "a\\nb\\u009b";
    const [runner] = STATE.runners;
    const [job] = STATE.executor_jobs;
    const { out } = await run([
      ...["status", "--url"],
      await startServer(200, {
        ...STATE,
        projects: [{ ...STATE.projects[0], name }],
        runners: [{ ...runner, name, agents: [name] }],
        executor_jobs: [{ ...job, slug: name, project_id: name }],
      }),
    ]);
    expect(out).toContain(`  Projects         ${shown}\n`);
    expect(out).toContain(`  ${shown}  ${shown}, endpoint, connected  ${shown}  jobs: 3 pending, 1 running\n`);
    expect(out).toContain(`  ${shown}  ${shown}, paused  runs: 2 waiting\n`);
  });

  test("shows the beginning of long lists", async () => {
    const runners = Array.from({ length: 25 }, (_, index) => ({ ...STATE.runners[0], name: `runner-${index}` }));
    const { out } = await run(["status", "--url", await startServer(200, { ...STATE, runners } as State)]);
    expect(out).toContain("runner-19");
    expect(out).not.toContain("runner-20");
    expect(out).toContain("  … and 5 more\n");
  });

  test("gives machines the server's own answer", async () => {
    const { out } = await run(["status", "--json", "--url", await startServer()]);
    expect(JSON.parse(out)).toEqual(STATE);
  });

  test("says so when a server of another version says something else", async () => {
    const older = { ...STATE, executor_jobs: undefined, executor_runs: undefined, bridge_commands: undefined };
    for (const state of [older, {}, null, "<html>"]) {
      const url = await startServer(200, state);
      expect(await run(["status", "--url", url])).toEqual({
        code: 1,
        out: "",
        error: `The server at ${url} is not an opik-local of this version; --json shows what it says.\n`,
      });
      expect(await run(["status", "--json", "--url", url])).toMatchObject({
        code: 0,
        out: `${JSON.stringify(state)}\n`,
      });
    }
  });

  test("asks the server that the shell's Opik clients use, or the one of the settings", async () => {
    const url = await startServer();
    const pasted = testTerminal({ environment: { OPIK_URL_OVERRIDE: `${url}/api` } });
    expect((await run(["status"], pasted)).out).toContain(`at ${url},`);
    const set = testTerminal({ environment: { OPIK_LOCAL_PORT: new URL(url).port } });
    expect((await run(["status"], set)).out).toContain(`at ${url},`);
  });

  test("shows the server its key: the flag, else the one of Opik's SDKs, else the one of the settings", async () => {
    const { url } = await startTestServer({ apiKey: "k3y" });
    const codeWith = async (environment: Record<string, string>, ...argv: string[]): Promise<number> =>
      (await run(["status", "--url", url, ...argv], testTerminal({ environment }))).code;
    expect(await codeWith({ OPIK_LOCAL_API_KEY: "k3y" })).toBe(0);
    expect(await codeWith({ OPIK_LOCAL_API_KEY: "other", OPIK_API_KEY: "k3y" })).toBe(0);
    expect(await codeWith({ OPIK_API_KEY: "other" }, "--api-key", "k3y")).toBe(0);
    const configured = testTerminal();
    writeFileSync(join(configured.folder, "opik-local.config.yaml"), "apiKey: k3y");
    expect((await run(["status", "--url", url], configured)).code).toBe(0);
    const failed = async (environment: Record<string, string>) =>
      run(["status", "--url", url], testTerminal({ environment }));
    const wants = (what: string) => ({ code: 1, out: "", error: `The server at ${url} wants ${what}.\n` });
    expect(await failed({})).toEqual(wants("an API key: set OPIK_API_KEY"));
    expect(await failed({ OPIK_API_KEY: "other" })).toEqual(wants("another API key: set OPIK_API_KEY"));
  });

  test("fails in one sentence when there is no server, another one, or a broken one", async () => {
    const unreachable = await run(["status", "--url", "http://127.0.0.1:1"]);
    expect(unreachable).toMatchObject({
      code: 1,
      out: "",
      error: expect.stringMatching(/^No server answers at .*dev`.*\n$/),
    });
    const another = await run(["status", "--url", await startServer(404)]);
    expect(another).toMatchObject({ code: 1, error: expect.stringContaining("is not an opik-local of this version") });
    const broken = await run(["status", "--url", await startServer(500)]);
    expect(broken).toMatchObject({ code: 1, error: expect.stringContaining("answers 500") });
    expect(await run(["status", "--url", "localhost"])).toMatchObject({ code: 2 });
  });
});
