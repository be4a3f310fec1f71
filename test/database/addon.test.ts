import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { cacheFolder, provideFile } from "../../src/database/addon.ts";
import { VERSION } from "../../src/version.ts";
import type { FirstStarts } from "./first-start.ts";

const CONTENT = Buffer.from("an addon");

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-addon-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("the folder of the single executable's addon", () => {
  test("is where each platform keeps what can be made again, one for each version", () => {
    const below = (...parts: string[]): string => join(...parts, "opik-local", VERSION);
    expect(cacheFolder("linux", {}, "/home/ada")).toBe(below("/home/ada", ".cache"));
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "/cache" }, "/home/ada")).toBe(below("/cache"));
    expect(cacheFolder("darwin", {}, "/Users/ada")).toBe(below("/Users/ada", "Library", "Caches"));
    expect(cacheFolder("win32", { LOCALAPPDATA: "/local" }, "/ada")).toBe(below("/local"));
    expect(cacheFolder("win32", {}, "/ada")).toBe(below("/ada", "AppData", "Local"));
  });

  test("can be named, and an empty name is none", () => {
    expect(cacheFolder("linux", { OPIK_LOCAL_CACHE: "/mine" }, "/home/ada")).toBe(join("/mine", VERSION));
    expect(cacheFolder("darwin", { OPIK_LOCAL_CACHE: "" }, "/Users/ada")).not.toContain("mine");
  });

  test.skipIf(process.platform === "win32")("is made for its owner alone", () => {
    const folder = join(temporaryFolder(), "a", "b");
    const path = provideFile(folder, CONTENT);
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("keeps a file of the same content, and replaces another one", () => {
    const folder = temporaryFolder();
    const path = provideFile(folder, CONTENT);
    const { ino } = statSync(path);
    expect(provideFile(folder, CONTENT)).toBe(path);
    expect(statSync(path).ino).toBe(ino);
    writeFileSync(path, "something else");
    expect(readFileSync(provideFile(folder, CONTENT))).toEqual(CONTENT);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("is made by many first starts at the same time, which all get the same file", async () => {
    const threads = 4;
    const folders = Array.from({ length: 20 }, () => join(temporaryFolder(), "a", "b"));
    const ready = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData: FirstStarts = { folders, content: CONTENT, threads, ready };
    const paths = await Promise.all(
      Array.from({ length: threads }, async () => {
        const thread = new Worker(new URL("first-start.ts", import.meta.url), { workerData, execArgv: [] });
        return ((await once(thread, "message")) as [string[]])[0];
      }),
    );
    for (const [index, folder] of folders.entries()) {
      const [path = "", ...others] = new Set(paths.map((made) => made[index]));
      expect(others).toEqual([]);
      expect(readFileSync(path)).toEqual(CONTENT);
      expect(readdirSync(folder).filter((name) => name !== ".gitignore")).toHaveLength(1);
    }
  });

  test("is used although a start was ended while it wrote the file", () => {
    const folder = temporaryFolder();
    const path = provideFile(folder, CONTENT);
    rmSync(path);
    // The next start of a container has the same process id.
    writeFileSync(`${path}.${process.pid}`, CONTENT.subarray(0, 2));
    expect(readFileSync(provideFile(folder, CONTENT))).toEqual(CONTENT);
  });

  test.skipIf(process.platform === "win32")("is refused when other users can write to it", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    expect(() => provideFile(folder, CONTENT)).toThrow("other users can write to it");
    expect(readdirSync(folder)).toEqual([]);
  });
});
