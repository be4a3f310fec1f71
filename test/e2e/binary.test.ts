import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { executable } from "./support/executable.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const [COMMAND] = executable();

function run(args: string[], cache = temporaryFolder()): SpawnSyncReturns<string> {
  const env = { ...process.env, OPIK_LOCAL_CACHE: cache };
  return spawnSync(COMMAND, args, { encoding: "utf8", env, cwd: temporaryFolder() });
}

describe.skipIf(process.env["OPIK_LOCAL_TEST_BINARY"] === undefined)("the single executable", () => {
  test("has the version of the package", () => {
    expect(run(["--version"])).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
  });

  test("shows the licences of Node and of its libraries", () => {
    const { stdout } = run(["licenses"]);
    expect(stdout).toContain("Node.js is licensed for use as follows");
    expect(stdout).toMatch(/^h3 2\..* \(MIT\)$/m);
    expect(stdout).toMatch(/^better-sqlite3 13\..* \(MIT\)$/m);
  });

  test("serves with all that it brings: the schema, an example, a page, the OpenAPI document", async () => {
    const { url } = await startServerProcess(":memory:", 0, { OPIK_LOCAL_CACHE: temporaryFolder() });
    expect(run(["seed", "example:demo", "--url", url])).toMatchObject({ status: 0, stderr: "" });
    expect(run(["status", "--url", url]).stdout).toContain("laptop");
    const large = join(temporaryFolder(), "large.yaml");
    writeFileSync(large, `# ${"x".repeat(100_000)}\nprojects: [{ name: large }]\n`);
    expect(run(["seed", large, "--url", url])).toMatchObject({ status: 0, stderr: "" });
    expect(await (await fetch(`${url}/opik/pair/v1`)).text()).toContain("<html");
    expect(await (await fetch(`${url}/openapi.json`)).json()).toHaveProperty("openapi", "3.1.0");
  });

  test("writes its addon once for each version, and again when the file was changed", async () => {
    const cache = temporaryFolder();
    const addons = (): string[] => readdirSync(join(cache, manifest.version)).filter((name) => name.endsWith(".node"));
    const start = (): Promise<unknown> => startServerProcess(":memory:", 0, { OPIK_LOCAL_CACHE: cache });
    await start();
    const [addon = ""] = addons();
    const path = join(cache, manifest.version, addon);
    const content = readFileSync(path);
    writeFileSync(`${path}.damaged`, content.subarray(0, 1000));
    // Not in place: the first server has the file open.
    spawnSync("mv", [`${path}.damaged`, path]);
    await start();
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(addons()).toEqual([addon]);
  });

  test("says what to do when its addon can be kept nowhere", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { status, stderr } = run(["dev", "--db", ":memory:"], join(file, "below"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^SQLite's library cannot be kept in .*ENOTDIR.*set OPIK_LOCAL_CACHE to a folder.*\n$/);
  });

  test("keeps a database beside the place where it is started", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "data"));
    const database = join(folder, "data", "file.db");
    const server = await startServerProcess(database);
    await server.kill();
    const again = await startServerProcess(database);
    expect((await fetch(`${again.url}/is-alive/ping`)).status).toBe(200);
  });
});
