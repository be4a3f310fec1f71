import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { executable } from "./support/executable.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const [COMMAND, ...ARGUMENTS] = executable();
const DEV = ["dev", "--port", "0", "--db", ":memory:"];

/** Waits for a file of another process, which sends no events to this one. */
async function contentOf(path: string): Promise<string> {
  while (!existsSync(path)) await pause(20);
  return readFileSync(path, "utf8");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync("/dev/full"))("output on a full disk (F6)", () => {
  test("does not stop the server", async () => {
    const readyFile = join(temporaryFolder(), "ready.json");
    const full = openSync("/dev/full", "w");
    const child = spawn(COMMAND, [...ARGUMENTS, ...DEV, "--ready-file", readyFile], {
      stdio: ["ignore", full, full],
    });
    closeSync(full);
    const exited = once(child, "exit");
    onTestFinished(() => void child.kill("SIGKILL"));
    const { url } = JSON.parse(await contentOf(readyFile)) as { url: string };
    for (let count = 0; count < 3; count += 1) expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  });

  test("is a failure of a command that only writes", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(COMMAND, [...ARGUMENTS, "config"], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(status).toBe(1);
    expect(String(stderr)).toBe("The output could not be written (ENOSPC).\n");
  });
});

describe.skipIf(process.platform === "win32")("a server whose npm was killed (F7)", () => {
  test("ends, and takes its ready file along", async () => {
    const folder = temporaryFolder();
    const readyFile = join(folder, "ready.json");
    const quoted = [COMMAND, ...ARGUMENTS, ...DEV, "--ready-file", readyFile].map((part) => `"${part}"`);
    const command = `${quoted.join(" ")}; true`;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { serve: command } }));
    const npm = spawn("npm", ["run", "--silent", "serve"], { cwd: folder, stdio: "ignore" });
    const { pid } = JSON.parse(await contentOf(readyFile)) as { pid: number };
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
    npm.kill("SIGKILL");
    while (isAlive(pid)) await pause(50);
    expect(existsSync(readyFile)).toBe(false);
  });
});

test("a ready file of an earlier server is gone before a wrong command line is refused (F7)", () => {
  const readyFile = join(temporaryFolder(), "ready.json");
  writeFileSync(readyFile, "{}");
  const options = ["--quiet", "--verbose", "--ready-file", readyFile];
  const { status } = spawnSync(COMMAND, [...ARGUMENTS, ...DEV, ...options]);
  expect(status).toBe(2);
  expect(existsSync(readyFile)).toBe(false);
});
