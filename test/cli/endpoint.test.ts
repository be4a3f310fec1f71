import { hostname } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { run, testTerminal } from "./terminal.ts";

const LAPTOP = { name: "my laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] };
const SERVER = { name: "server", project: "other", keep_alive: true };
const EDITOR = { name: "editor", project: "demo", type: "connect", keep_alive: true } as const;

/** Prints the variables of Opik's SDKs, and its arguments. */
const SHOW = `
  const variables = Object.entries(process.env).filter(([name]) => name.startsWith("OPIK_"));
  console.log(JSON.stringify({ ...Object.fromEntries(variables), arguments: process.argv.slice(1) }));`;
const SCRIPT = ["--", process.execPath, "-e", SHOW, "--", "--one", "two words"];

type Outcome = Awaited<ReturnType<typeof run>>;

async function endpoint(runners: object[], ...argv: string[]): Promise<Outcome & { opik: TestServer }> {
  const fixtures = { projects: [{ name: "demo" }, { name: "other" }], runners } as Parameters<
    typeof startOpikLocal
  >[0] extends { fixtures?: infer Fixtures } | undefined
    ? Fixtures
    : never;
  const opik = await startOpikLocal({ fixtures });
  onTestFinished(() => opik.stop());
  const environment = { PATH: process.env["PATH"], OPIK_LOCAL_URL: opik.url, OPIK_PROJECT_NAME: "of the shell" };
  return { opik, ...(await run(["endpoint", ...argv], testTerminal({ environment }))) };
}

describe("opik-local endpoint", () => {
  test("runs a command with the variables of a runner that is named", async () => {
    const { opik, code, out, error } = await endpoint([LAPTOP, SERVER], "--runner", "my laptop", ...SCRIPT);
    expect({ code, error }).toEqual({ code: 0, error: `# ${opik.url} (OPIK_LOCAL_URL)\n` });
    expect(JSON.parse(out)).toMatchObject({
      OPIK_URL_OVERRIDE: opik.apiUrl,
      OPIK_WORKSPACE: "default",
      OPIK_PROJECT_NAME: "demo",
      OPIK_RUNNER_MODE: "true",
      OPIK_RUNNER_ID: opik.runners.get("my laptop")?.id,
      arguments: ["--one", "two words"],
    });
  });

  test("needs no name when one runner is of type endpoint", async () => {
    const { opik, out } = await endpoint([EDITOR, SERVER], ...SCRIPT);
    expect(JSON.parse(out)).toMatchObject({
      OPIK_PROJECT_NAME: "other",
      OPIK_RUNNER_ID: opik.runners.get("server")?.id,
    });
  });

  test("takes the runner of the project that is named", async () => {
    const { opik, out } = await endpoint([LAPTOP, SERVER], "--project", "other", ...SCRIPT);
    expect(JSON.parse(out)).toMatchObject({ OPIK_RUNNER_ID: opik.runners.get("server")?.id });
  });

  test.for<[object[], string[], string]>([
    [[], [], "of the shell"],
    [[EDITOR], ["--project", "demo"], "demo"],
    [[LAPTOP, SERVER], ["--project", "third"], "third"],
  ])("with runners %j and flags %j pairs one with the project %s", async ([runners, flags, project]) => {
    const { opik, code, out, error } = await endpoint(runners, ...flags, ...SCRIPT);
    expect({ code, error }).toEqual({
      code: 0,
      error: `# ${opik.url} (OPIK_LOCAL_URL)\nThe runner ${hostname()} is paired with the project ${project}.\n`,
    });
    const variables = JSON.parse(out) as Record<string, string>;
    expect(variables).toMatchObject({ OPIK_PROJECT_NAME: project, OPIK_WORKSPACE: "default" });
    expect(opik.runners.list()).toHaveLength(runners.length + 1);
    expect(opik.runners.get(variables["OPIK_RUNNER_ID"] ?? "")).toMatchObject({
      ...{ name: hostname(), type: "endpoint", status: "connected" },
    });
  });

  test("has a configuration of the SDKs as long as the command runs", async () => {
    const read = "console.log(require('node:fs').readFileSync(process.env.OPIK_CONFIG_PATH, 'utf8'))";
    const { out } = await endpoint([SERVER], "--", process.execPath, "-e", read);
    expect(out).toContain("[opik]");
  });

  test("ends with the exit code of the command", async () => {
    const { code } = await endpoint([SERVER], "--", process.execPath, "-e", "process.exit(7)");
    expect(code).toBe(7);
  });

  test.for<[object[], string[], number, string]>([
    [[LAPTOP], [], 2, "Which command? Write it after two dashes: `opik-local endpoint -- python agent.py`."],
    [[LAPTOP], ["laptop", ...SCRIPT], 2, 'Unexpected argument "laptop". See `opik-local endpoint --help`.'],
    [[LAPTOP, SERVER], SCRIPT, 2, "Which runner? There are my laptop, server: name one with --runner."],
    [[LAPTOP], ["--runner", "tablet", ...SCRIPT], 1, "There is no runner tablet. There is my laptop."],
    [[LAPTOP, SERVER], ["--project", "other", "--runner", "my laptop", ...SCRIPT], 1, "There is no runner my laptop."],
    [[LAPTOP], ["--", "no-such-program"], 127, "no-such-program"],
  ])("with runners %j and arguments %j ends with %d: %s", async ([runners, argv, expected, message]) => {
    const { code, out, error } = await endpoint(runners, ...argv);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(error).toContain(message);
  });
});
