import { execFile, execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { ADDON } from "../../src/build/paths.ts";
import { filesBelow } from "../../src/core/files-below.ts";
import { executable } from "./support/executable.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const [COMMAND] = executable();
const IS_WINDOWS = process.platform === "win32";

function run(args: string[], cache = temporaryFolder()): SpawnSyncReturns<string> {
  const env = { ...process.env, OPIK_LOCAL_CACHE: cache };
  return spawnSync(COMMAND, args, { encoding: "utf8", env, cwd: temporaryFolder() });
}

/** The addons that the executable has written to a cache. */
function addons(cache: string, version = manifest.version): string[] {
  return readdirSync(join(cache, version)).filter((name) => name.includes(".node"));
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/**
 * The executable as that of another version: with another number of the same length, which is in its program and in V8's
 * code cache of it. @returns its path and its version
 */
function executableOfAnotherVersion(): { path: string; version: string } {
  const version = manifest.version.slice(0, -1) + (manifest.version.endsWith("9") ? "8" : "9");
  const content = readFileSync(COMMAND);
  const written = Buffer.from(manifest.version);
  for (let at = content.indexOf(written); at >= 0; at = content.indexOf(written, at + 1)) content.write(version, at);
  const path = join(temporaryFolder(), "another-version");
  writeFileSync(path, content, { mode: 0o755 });
  // macOS runs only what is signed.
  if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", "--force", path]);
  return { path, version };
}

describe.skipIf(process.env["OPIK_LOCAL_TEST_BINARY"] === undefined)("the single executable", () => {
  test("has the version of the package", () => {
    expect(run(["--version"])).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
  });

  test("has the recipes and the help inside", () => {
    const folder = temporaryFolder();
    expect(spawnSync(COMMAND, ["recipe", "github-actions", folder]).status).toBe(0);
    expect(filesBelow(folder)).toEqual([".github/workflows/test.yml", "agent.test.js", "package.json"]);
    expect(run(["help", "ci"]).stdout).toContain("RECIPES");
  });

  test("shows the licences of Node and of its libraries", () => {
    const { stdout } = run(["licenses"]);
    expect(stdout).toContain("Node.js is licensed for use as follows");
    expect(stdout).toMatch(/^h3 2\..* \(MIT\)$/m);
    expect(stdout).toMatch(/^better-sqlite3 13\..* \(MIT\)$/m);
    expect(stdout).toMatch(/^preact 1\d\..* \(MIT\)$/m);
    expect(stdout).toContain("Berri AI");
  });

  test("serves with all that it brings: the schema, an example, a page, the OpenAPI document", async () => {
    const { url } = await startServerProcess(":memory:", undefined, { OPIK_LOCAL_CACHE: temporaryFolder() });
    expect(run(["seed", "example:demo", "--url", url])).toMatchObject({ status: 0, stderr: "" });
    expect(run(["status", "--url", url]).stdout).toContain("laptop");
    const large = join(temporaryFolder(), "large.yaml");
    writeFileSync(large, `# ${"x".repeat(100_000)}\nprojects: [{ name: large }]\n`);
    expect(run(["seed", large, "--url", url])).toMatchObject({ status: 0, stderr: "" });
    expect(await (await fetch(`${url}/opik/pair/v1`)).text()).toContain("<html");
    expect(await (await fetch(`${url}/openapi.json`)).json()).toHaveProperty("openapi", "3.1.0");
  });

  // Windows does not replace a file that a process has loaded.
  test.skipIf(IS_WINDOWS)("writes its addon once for each version, and again when the file was changed", async () => {
    const cache = temporaryFolder();
    const start = (): Promise<unknown> => startServerProcess(":memory:", undefined, { OPIK_LOCAL_CACHE: cache });
    await start();
    const [addon = ""] = addons(cache);
    const path = join(cache, manifest.version, addon);
    const content = readFileSync(path);
    writeFileSync(`${path}.damaged`, content.subarray(0, 1000));
    // Not in place: the first server has the file open.
    renameSync(`${path}.damaged`, path);
    await start();
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(addons(cache)).toEqual([addon]);
    expect(sha256(path)).toBe(sha256(ADDON));
  });

  test("starts many times at once with an empty cache: all run, and one addon is written", async () => {
    const cache = join(temporaryFolder(), "a", "cache");
    const env = { ...process.env, OPIK_LOCAL_CACHE: cache };
    const ask = "fetch(process.env.OPIK_URL_OVERRIDE + '/is-alive/ping').then(({ status }) => console.log(status))";
    const start = (): Promise<{ stdout: string; stderr: string }> =>
      promisify(execFile)(COMMAND, ["exec", "--", process.execPath, "-e", ask], { env });
    const results = await Promise.all(Array.from({ length: 6 }, start));
    expect(results).toEqual(results.map(() => ({ stdout: "200\n", stderr: "" })));
    const [addon = "", ...others] = addons(cache);
    expect(others).toEqual([]);
    expect(sha256(join(cache, manifest.version, addon))).toBe(sha256(ADDON));
  });

  test("two versions run side by side, each with a folder of its own in the cache", async () => {
    const another = executableOfAnotherVersion();
    const cache = temporaryFolder();
    const settings = { OPIK_LOCAL_CACHE: cache };
    const versions = [{ path: COMMAND, version: manifest.version }, another];
    const servers = await Promise.all(
      versions.map(({ path }) => startServerProcess(":memory:", undefined, settings, [path])),
    );
    for (const [index, { path, version }] of versions.entries()) {
      expect(execFileSync(path, ["--version"], { encoding: "utf8" })).toBe(`${version}\n`);
      const state = await fetch(`${servers[index]?.url}/__local/state`);
      expect(await state.json()).toMatchObject({ version });
      expect(addons(cache, version)).toHaveLength(1);
    }
    expect(readdirSync(cache).toSorted()).toEqual(versions.map(({ version }) => version).toSorted());
  });

  test("says what to do when its addon can be kept nowhere", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { status, stderr } = run(["dev", "--db", ":memory:"], join(file, "below"));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^SQLite's library cannot be kept in [^:]*: \/.* is not a folder\. Set OPIK_LOCAL_CACHE to a folder.*\n$/,
    );
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

  test("moves the write-ahead log into the file by another thread while it is written to", async () => {
    const database = join(temporaryFolder(), "file.db");
    const { url } = await startServerProcess(database, undefined, { OPIK_LOCAL_CACHE: temporaryFolder() });
    // SQLite itself does it at 40 MB; the server, when a second was idle.
    let written = 0;
    while (statSync(database).size < 4_000_000 && written < 35_000_000) {
      const isLong = written > 12_000_000;
      // The other thread may wait for the disk.
      if (isLong) await pause(100);
      const text = "x".repeat(isLong ? 1 : 60_000);
      const answer = await fetch(`${url}/api/v1/private/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "large", start_time: "2026-01-01T00:00:00Z", input: { text } }),
      });
      expect(answer.status).toBe(201);
      // What SQLite writes for a short one.
      written += Math.max(text.length, 30_000);
    }
    expect(written).toBeLessThan(35_000_000);
  });

  test.skipIf(IS_WINDOWS)("keeps what it writes for its owner alone", async () => {
    const cache = join(temporaryFolder(), "cache");
    await startServerProcess(":memory:", undefined, { OPIK_LOCAL_CACHE: cache });
    const folder = join(cache, manifest.version);
    const [addon = ""] = readdirSync(folder);
    const modes = [cache, folder, join(folder, addon)].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(["700", "700", "600"]);
  });

  test.skipIf(IS_WINDOWS)("works with nothing but a folder for its cache: read-only home and working directory", () => {
    const nowhere = { HOME: "/proc", XDG_CACHE_HOME: "/proc/none" };
    const refused = spawnSync(COMMAND, ["dev", "--db", ":memory:", "--port", "0"], {
      encoding: "utf8",
      env: { ...process.env, ...nowhere, OPIK_LOCAL_CACHE: "" },
      cwd: "/",
    });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^SQLite's library cannot be kept in .*Set OPIK_LOCAL_CACHE to a folder.*\n$/);
    const command = ["exec", "--", "/bin/sh", "-c", "echo $OPIK_LOCAL_URL"];
    const env = { ...process.env, ...nowhere, OPIK_LOCAL_CACHE: temporaryFolder() };
    const { status, stdout } = spawnSync(COMMAND, command, { encoding: "utf8", env, cwd: "/" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("http://127.0.0.1:") });
  });
});
