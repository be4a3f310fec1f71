import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { settingEntries } from "../../src/settings.ts";
import { run, testTerminal } from "./terminal.ts";

/** Runs `config --json` with a config file of that content. */
async function configOf(
  content: string,
  options: { name?: string; argv?: string[]; environment?: Record<string, string> } = {},
): Promise<{ code: number; error: string; settings: Record<string, { value: string; source: string }> }> {
  const terminal = testTerminal({ environment: options.environment ?? {} });
  writeFileSync(join(terminal.folder, options.name ?? "opik-local.config.yaml"), content);
  const { code, out, error } = await run(["config", "--json", ...(options.argv ?? [])], terminal);
  const { settings } =
    out === ""
      ? { settings: [] }
      : (JSON.parse(out) as { settings: Array<{ name: string; value: string; source: string }> });
  return {
    code,
    error,
    settings: Object.fromEntries(settings.map(({ name, value, source }) => [name, { value, source }])),
  };
}

describe("opik-local config", () => {
  test("shows every setting with its value and where that came from", async () => {
    const terminal = testTerminal({ environment: { OPIK_RUNNER_HEARTBEAT_TTL: "5s" } });
    const { code, out } = await run(["config", "--port", "0"], terminal);
    expect(code).toBe(0);
    for (const [name] of settingEntries()) expect(out).toMatch(new RegExp(`^${name} `, "m"));
    expect(out).toMatch(/^port +0 +--port +OPIK_LOCAL_PORT$/m);
    expect(out).toMatch(/^heartbeatTtlMs +5s +environment +OPIK_RUNNER_HEARTBEAT_TTL$/m);
    expect(out).toMatch(/^jobTimeoutMs +30m +default +OPIK_RUNNER_JOB_TIMEOUT$/m);
  });

  test("warns about a variable that looks like a misspelt setting", async () => {
    const environment = { OPIK_LOCAL_PROT: "3", OPIK_RUNNER_MODE: "true", OPIK_LOCAL_NOTHING_LIKE_IT_AT_ALL: "1" };
    const warning = "The environment variable OPIK_LOCAL_PROT is no setting. Did you mean OPIK_LOCAL_PORT?";
    expect(await run(["config"], testTerminal({ environment }))).toMatchObject({ code: 0, error: `${warning}\n` });
    const { out, error } = await run(["config", "--json"], testTerminal({ environment }));
    expect(JSON.parse(out)).toMatchObject({ warnings: [warning] });
    expect(error).toBe("");
  });

  test("knows the variables of Opik's SDKs and of the real server from misspelt ones", async () => {
    const others = [
      ...["OPIK_RUNNER_MODE", "OPIK_RUNNER_ID", "OPIK_RUNNER_POLL_INTERVAL", "OPIK_RUNNER_NAME"],
      ...["OPIK_RUNNER_REAPER_LOCK_DURATION", "OPIK_RUNNER_REAPER_LOCK_WAIT", "OPIK_RUNNER_ASYNC_TIMEOUT_BUFFER"],
      ...["OPIK_RUNNER_BRIDGE_ASYNC_TIMEOUT_BUFFER", "OPIK_RUNNER_REAPER_MAX_RUNNERS_PER_CYCLE"],
    ];
    const environment = Object.fromEntries([...others, "OPIK_RUNNER_JOBS_TIMEOUT"].map((name) => [name, "10s"]));
    expect(await run(["config"], testTerminal({ environment }))).toMatchObject({
      code: 0,
      error: "The environment variable OPIK_RUNNER_JOBS_TIMEOUT is no setting. Did you mean OPIK_RUNNER_JOB_TIMEOUT?\n",
    });
  });

  test("warns about a variable whose prefix is misspelt", async () => {
    const others = {
      OPIK_URL_OVERRIDE: "x",
      OPIK_API_KEY: "x",
      OPIK_WORKSPACE: "x",
      OPIK_RUNS_PORT: "x",
      OPIK_PORT: "1",
    };
    const environment = { OPIK_RUNER_HEARTBEAT_TTL: "5s", OPIK_LOCL_PROT: "3", OPIKLOCAL_HOST: "x", ...others };
    const { error } = await run(["config"], testTerminal({ environment }));
    expect(error.split("\n")).toEqual([
      "The environment variable OPIK_RUNER_HEARTBEAT_TTL is no setting. Did you mean OPIK_RUNNER_HEARTBEAT_TTL?",
      "The environment variable OPIKLOCAL_HOST is no setting. Did you mean OPIK_LOCAL_HOST?",
      "",
    ]);
  });

  test("fits a terminal of 80 columns, without the variables", async () => {
    for (const [columns, shown] of [
      [80, false],
      [160, true],
    ] as const) {
      const terminal = testTerminal();
      Object.assign(terminal.stdout, { columns });
      const { out } = await run(["config", "--db", `/tmp/${"long/".repeat(30)}`], terminal);
      const lines = (await run(["config"], terminal)).out.split("\n");
      expect(Math.max(...out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(Math.max(columns, 0));
      expect(lines.some((line) => line.includes("OPIK_LOCAL_HOST"))).toBe(shown);
    }
  });

  test("a flag wins over the environment, which wins over the config file", async () => {
    const { settings } = await configOf("port: 1\nhost: 127.0.0.3\ndurability: full\n", {
      environment: { OPIK_LOCAL_PORT: "2", OPIK_LOCAL_HOST: "127.0.0.2" },
      argv: ["--port", "3"],
    });
    expect(settings).toMatchObject({
      port: { value: "3", source: "flag" },
      host: { value: "127.0.0.2", source: "environment" },
      durability: { value: "full", source: "config file" },
    });
  });

  test("the config file takes texts, numbers in the setting's unit and lists", async () => {
    const { settings } = await configOf("heartbeatTtlMs: 5s\njobTimeoutMs: 90000\nworkspaces: [a, b]\napiKey:\n");
    expect(settings).toMatchObject({
      heartbeatTtlMs: { value: "5s" },
      jobTimeoutMs: { value: "90s" },
      workspaces: { value: "a,b" },
      apiKey: { source: "default" },
    });
  });

  test("the config file may be JSON, or empty", async () => {
    expect((await configOf('{"port": 7}', { name: "opik-local.config.json" })).settings).toMatchObject({
      port: { value: "7" },
    });
    expect(await configOf("")).toMatchObject({ code: 0, settings: { port: { source: "default" } } });
  });

  test("--config names another file", async () => {
    const { settings } = await configOf("port: 7", { name: "other.yaml", argv: ["--config", "other.yaml"] });
    expect(settings).toMatchObject({ port: { value: "7", source: "config file" } });
  });

  test.for([
    ["prot: 3", "names an unknown setting prot. Did you mean port?"],
    ["OPIK_RUNNER_MAX_PENDING: 5", "OPIK_RUNNER_MAX_PENDING. In a config file it is called maxPendingJobsPerRunner."],
    ["db: x.db", "names an unknown setting db. In a config file it is called database."],
    ["port: 99999", "the config file's port is 99999, but should be a whole number from 0 to 65535."],
    ["jobTimeoutMs: 10", "the config file's jobTimeoutMs is 10, but should be a duration of at least 1s, such as"],
    ["jobTimeoutMs: 10ms", `the config file's jobTimeoutMs is "10ms", but should be a duration`],
    ["port: {a: 1}", "should be a text, a number or a list of texts."],
    ["- port", 'should contain settings by name, such as "port: 5173".'],
    ["port: [", "cannot be read: "],
    ["port: 1\nport: 2", "cannot be read: Map keys must be unique"],
  ] as const)("refuses the config file %j", async ([content, reason]) => {
    const { code, error } = await configOf(content);
    expect(code).toBe(2);
    expect(JSON.parse(error).message).toContain(reason);
  });

  test("refuses to choose between two config files", async () => {
    const terminal = testTerminal();
    for (const type of ["yaml", "json"]) writeFileSync(join(terminal.folder, `opik-local.config.${type}`), "{}");
    const { code, error } = await run(["config"], terminal);
    expect(code).toBe(2);
    expect(error).toContain("There are two config files");
  });

  test("does not give keys away, neither those that it takes nor those that it refuses", async () => {
    const environment = { INTERNAL_SECRET: "sesame and sesame", JWT_SIGNING_KEY: "sesame".repeat(6) };
    const { out } = await run(["config", "--api-key", "sesame"], testTerminal({ environment }));
    expect(out).toMatch(/^apiKey +\*{8} +--api-key +OPIK_LOCAL_API_KEY$/m);
    expect(out).toMatch(/^internalSecret +\*{8} +environment +INTERNAL_SECRET$/m);
    expect(out).toMatch(/^jwtSigningKey +\*{8} +environment +JWT_SIGNING_KEY$/m);
    expect(out).not.toContain("sesame");
    const short = await run(["config"], testTerminal({ environment: { INTERNAL_SECRET: "sesame" } }));
    expect(short.error).toBe("INTERNAL_SECRET should be at least 16 characters long.\n");
  });
});
