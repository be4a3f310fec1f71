import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Check } from "../../src/cli/doctor/check.ts";
import { checkPort } from "../../src/cli/doctor/port.ts";
import { connect } from "../../src/database/driver.ts";
import { readMigrations } from "../../src/database/migrate.ts";
import { startOpikLocal, type TestServer } from "../../src/testing/index.ts";
import { VERSION } from "../../src/version.ts";
import { Capture, run, startDev, testTerminal, type TestTerminal } from "./terminal.ts";

const NEWEST = readMigrations().at(-1)?.version ?? 0;

/** A machine on which everything is there. */
async function startWell(
  environment: Record<string, string | undefined> = {},
): Promise<{ opik: TestServer; terminal: TestTerminal }> {
  const opik = await startOpikLocal();
  onTestFinished(() => opik.stop());
  const terminal = testTerminal();
  const bin = join(terminal.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "python3"), "#!/bin/sh\necho 3.12.1\necho 2.1.24\n");
  chmodSync(join(bin, "python3"), 0o755);
  const sdk = join(terminal.folder, "node_modules", "opik");
  mkdirSync(sdk, { recursive: true });
  writeFileSync(join(sdk, "package.json"), '{"version":"2.0.40"}');
  terminal.environment = {
    PATH: [bin, "/bin"].join(delimiter),
    HOME: terminal.folder,
    OPIK_LOCAL_URL: opik.url,
    OPIK_URL_OVERRIDE: opik.apiUrl,
    ...environment,
  };
  return { opik, terminal };
}

async function examine(terminal: TestTerminal, ...argv: string[]): Promise<{ code: number; checks: Check[] }> {
  const line = ["doctor", "--json", "--port", "0", "--db", ":memory:", ...argv];
  const { code, out } = await run(line, { ...terminal, stdout: new Capture(), stderr: new Capture() });
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Check[] };
  expect(ok).toBe(code === 0);
  return { code, checks };
}

async function examineOne(name: string, terminal: TestTerminal, ...argv: string[]): Promise<Check | undefined> {
  const { checks } = await examine(terminal, ...argv);
  return checks.find((check) => check.name === name);
}

describe.skipIf(process.platform === "win32")("opik-local doctor", () => {
  test("finds everything in order", async () => {
    const { opik, terminal } = await startWell();
    const { code, checks } = await examine(terminal);
    expect({ code, states: checks.filter(({ state }) => state !== "ok") }).toEqual({ code: 0, states: [] });
    expect(checks.map(({ name, found }) => [name, found])).toEqual([
      ["node", expect.stringContaining(`Node.js ${process.versions.node} with Node-API`)],
      ["addon", expect.stringMatching(/^better-sqlite3 loads, with SQLite 3\./)],
      ["port", "any free one"],
      ["database", "in memory: nothing is kept"],
      ["server", `opik-local ${VERSION} answers at ${opik.url} (OPIK_LOCAL_URL)`],
      ["connection", `${opik.apiUrl} (OPIK_URL_OVERRIDE) answers SDKs`],
      ["SDK settings", `OPIK_URL_OVERRIDE=${opik.apiUrl}; there is no ${join(terminal.folder, ".opik.config")}`],
      ["Python SDK", "opik 2.1.24 of python3 (Python 3.12.1)"],
      ["TypeScript SDK", `opik 2.0.40 in ${join(terminal.folder, "node_modules", "opik")}`],
    ]);
    expect(await opik.requests.list(), "its own requests are not those of clients").toEqual([]);
  });

  test("prints a line for each part, and below it what to do", async () => {
    const { terminal } = await startWell({ OPIK_TRACK_DISABLE: "true" });
    const { code, out, error } = await run(["doctor", "--port", "0", "--db", ":memory:"], terminal);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const lines = out.split("\n");
    expect(lines).toContain("ok       database        in memory: nothing is kept");
    const at = lines.findIndex((line) => line.startsWith("note     SDK settings    OPIK_URL_OVERRIDE="));
    expect(lines[at + 1]).toBe(`${" ".repeat(25)}→ Unset OPIK_TRACK_DISABLE: SDKs write no traces with it.`);
  });

  test("says that no server runs, and that SDKs send elsewhere, which it does not try", async () => {
    const { terminal } = await startWell({ OPIK_LOCAL_URL: undefined, OPIK_URL_OVERRIDE: undefined });
    const { code, checks } = await examine(terminal);
    expect(code).toBe(0);
    expect(checks.filter(({ state }) => state === "note")).toEqual([
      {
        name: "server",
        state: "note",
        found: "No server answers at http://127.0.0.1:0 (the port of the settings)",
        advice: "Start one with `opik-local dev`, or name its address with --url.",
      },
      {
        name: "connection",
        state: "note",
        found:
          "SDKs send to https://www.comet.com/opik/api (the default of the SDKs), which is not this machine, and was not tried",
        advice:
          "export OPIK_URL_OVERRIDE=http://127.0.0.1:5173/api, or start the program with `opik-local exec -- ...`.",
      },
    ]);
  });

  test("names what has a port, and whether dev moves on", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const { terminal } = await startWell();
    expect(await examineOne("port", terminal, "--port", String(port))).toMatchObject({
      state: "problem",
      found: expect.stringContaining(`${port} on 127.0.0.1 is taken`),
      advice: expect.stringContaining("choose another port; --port 0 takes any free one."),
    });
    const movable = { host: "127.0.0.1", port, mayMove: true, isOurs: false };
    expect(await checkPort(movable)).toMatchObject({ state: "note", advice: expect.stringContaining("next free one") });
    expect(await checkPort({ ...movable, isOurs: true })).toMatchObject({ state: "ok" });
    expect(await checkPort({ ...movable, host: "203.0.113.1" })).toMatchObject({
      state: "problem",
      found: `${port} on 203.0.113.1 cannot be listened on (EADDRNOTAVAIL)`,
    });
  });

  test("says how the database file is, without changing it", async () => {
    const { terminal } = await startWell();
    const path = join(terminal.folder, "data", "opik.db");
    const one = (): Promise<Check | undefined> => examineOne("database", terminal, "--db", path);
    expect(await one()).toMatchObject({ state: "ok", found: expect.stringContaining("does not exist yet") });
    const dev = await startDev(["--db", path]);
    expect(await one()).toMatchObject({
      state: "ok",
      found: expect.stringMatching(
        new RegExp(`has schema ${NEWEST}, the newest, in use by process ${process.pid} since .*, \\d+ MB of the disk`),
      ),
    });
    await dev.stop();
    const write = (version: number): void => {
      const sqlite = connect(path);
      sqlite.pragma(`user_version = ${version}`);
      sqlite.pragma("wal_checkpoint(TRUNCATE)");
      sqlite.close();
    };
    write(NEWEST - 1);
    expect(await one()).toMatchObject({ state: "ok", found: expect.stringContaining(`\`dev\` updates to ${NEWEST}`) });
    write(NEWEST + 1);
    expect(await one()).toMatchObject({ state: "problem", advice: expect.stringContaining("Update opik-local") });
    write(0);
    expect(await one()).toMatchObject({ state: "problem", found: `${path} is of another program` });
    writeFileSync(path, "no database");
    expect(await one()).toMatchObject({ state: "problem", found: `${path} is no SQLite database` });
    expect(await examineOne("database", terminal, "--db", terminal.folder)).toMatchObject({
      state: "problem",
      found: `${terminal.folder} is a folder`,
    });
  });

  test.skipIf(process.getuid?.() === 0)("names what cannot be written", async () => {
    const { terminal } = await startWell();
    const path = join(terminal.folder, "opik.db");
    writeFileSync(path, "");
    chmodSync(path, 0o444);
    expect(await examineOne("database", terminal, "--db", path)).toMatchObject({
      state: "problem",
      found: `${path} cannot be written to`,
    });
  });

  test("tries the server of the configuration file as SDKs do", async () => {
    const { opik, terminal } = await startWell({ OPIK_URL_OVERRIDE: undefined });
    const path = join(terminal.folder, ".opik.config");
    writeFileSync(
      path,
      `# mine\n[other]\nurl_override = http://127.0.0.1:1\n[opik]\nurl_override = ${opik.url}/api/\n`,
    );
    expect(await examineOne("connection", terminal)).toMatchObject({
      state: "ok",
      found: `${opik.apiUrl} (${path}) answers SDKs`,
    });
    writeFileSync(path, "[opik]\nurl_override = http://127.0.0.1:1/api\n");
    expect(await examineOne("connection", terminal)).toMatchObject({
      state: "problem",
      found: `http://127.0.0.1:1/api (${path}) does not answer`,
      advice: expect.stringContaining(`export OPIK_URL_OVERRIDE=${opik.apiUrl}`),
    });
  });

  test("says that the SDKs' server is another one, or no server of Opik", async () => {
    const { terminal } = await startWell();
    const other = await startOpikLocal();
    onTestFinished(() => other.stop());
    const set = (variables: Record<string, string>): void => {
      terminal.environment = { ...terminal.environment, ...variables };
    };
    set({ OPIK_URL_OVERRIDE: other.apiUrl });
    expect(await examineOne("connection", terminal)).toMatchObject({
      state: "note",
      found: `${other.apiUrl} (OPIK_URL_OVERRIDE) answers SDKs, but is not the server of this folder`,
    });
    set({ OPIK_URL_OVERRIDE: `${other.url}/nowhere` });
    expect(await examineOne("connection", terminal)).toMatchObject({
      state: "problem",
      found: expect.stringContaining("answers 404 to a list of projects"),
    });
    set({ OPIK_URL_OVERRIDE: "localhost" });
    expect(await examineOne("connection", terminal)).toMatchObject({
      state: "problem",
      found: '"localhost" (OPIK_URL_OVERRIDE) is not a URL',
    });
  });

  test("says which key is missing", async () => {
    const opik = await startOpikLocal({ config: { apiKey: "the-key" } });
    onTestFinished(() => opik.stop());
    const { terminal } = await startWell({ OPIK_LOCAL_URL: opik.url, OPIK_URL_OVERRIDE: opik.apiUrl });
    const { code, checks } = await examine(terminal);
    expect(code).toBe(1);
    expect(checks).toContainEqual({
      name: "server",
      state: "problem",
      found: `The server at ${opik.url} wants an API key (OPIK_LOCAL_URL)`,
      advice: "Set OPIK_API_KEY.",
    });
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: "connection",
        state: "problem",
        found: expect.stringContaining("refuses the key of the SDKs (401): set OPIK_API_KEY"),
      }),
    );
    terminal.environment = { ...terminal.environment, OPIK_API_KEY: "the-key" };
    expect(await examine(terminal)).toMatchObject({ code: 0 });
    expect((await examineOne("SDK settings", terminal))?.found).toContain("OPIK_API_KEY (set)");
  });

  test.for<[Record<string, string>, Check["state"], string]>([
    [{ OPIK_CONFIG_PATH: "~/missing.config" }, "problem", "Make that file or unset OPIK_CONFIG_PATH"],
    [{ HTTP_PROXY: "http://proxy:3128" }, "note", "export NO_PROXY=127.0.0.1,localhost"],
    [{ HTTP_PROXY: "http://proxy:3128", NO_PROXY: "example.com, 127.0.0.1" }, "ok", ""],
  ])("with %j the settings of the SDKs are a %s", async ([environment, state, advice]) => {
    const { terminal } = await startWell(environment);
    const check = await examineOne("SDK settings", terminal);
    expect(check).toMatchObject({ state });
    expect(check?.advice ?? "").toContain(advice);
  });

  test("says which SDKs are missing", async () => {
    const { terminal } = await startWell();
    terminal.folder = join(terminal.folder, "bin");
    writeFileSync(join(terminal.folder, "python3"), "#!/bin/sh\necho 3.9.1\n");
    expect(await examineOne("Python SDK", terminal)).toMatchObject({
      state: "note",
      found: "python3 (Python 3.9.1) has no opik",
    });
    terminal.environment = { ...terminal.environment, PATH: "/nowhere" };
    expect(await examineOne("Python SDK", terminal)).toMatchObject({ state: "note", found: "there is no Python" });
    const elsewhere = testTerminal();
    expect(await examineOne("TypeScript SDK", elsewhere)).toMatchObject({ state: "note" });
  });

  test("says which setting is wrong, and goes on", async () => {
    const { terminal } = await startWell({ OPIK_LOCAL_PROT: "1" });
    const { code, checks } = await examine(terminal, "--port", "many");
    expect(code).toBe(1);
    expect(checks.map(({ name }) => name)).toEqual([
      ...["node", "addon", "settings", "SDK settings", "Python SDK", "TypeScript SDK"],
    ]);
    expect(checks[2]).toMatchObject({ state: "problem", found: expect.stringContaining("many") });
    expect(await examineOne("settings", terminal)).toMatchObject({
      state: "problem",
      found: expect.stringContaining("OPIK_LOCAL_PROT is no setting"),
    });
  });
});
