import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { isRunning } from "../../src/core/running-process.ts";
import { executable } from "./support/executable.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const [COMMAND, ...ARGUMENTS] = executable();
const DEV = ["dev", "--port", "0", "--db", ":memory:"];

/** Waits for a file of another process, which sends no events to this one. */
async function contentOf(path: string): Promise<string> {
  while (!existsSync(path)) await pause(20);
  return readFileSync(path, "utf8");
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
    expect(String(stderr)).toBe("The output could not be written: the disk is full.\n");
  });
});

/** Runs opik-local as a script of npm. */
function startByNpm(folder: string, args: readonly string[]): ChildProcess {
  const quoted = [COMMAND, ...ARGUMENTS, ...args].map((part) => `'${part}'`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { serve: `${quoted.join(" ")}; true` } }));
  return spawn("npm", ["run", "--silent", "serve"], { cwd: folder, stdio: "ignore" });
}

/** Kills processes at the end of the test that it should have seen ending. */
function killAtEnd(...pids: number[]): void {
  onTestFinished(() => {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  });
}

describe.skipIf(process.platform === "win32")("a server whose npm was killed (F7)", () => {
  test("ends, and takes its ready file along", async () => {
    const folder = temporaryFolder();
    const readyFile = join(folder, "ready.json");
    const npm = startByNpm(folder, [...DEV, "--ready-file", readyFile]);
    const { pid } = JSON.parse(await contentOf(readyFile)) as { pid: number };
    killAtEnd(pid);
    npm.kill("SIGKILL");
    while (isRunning(pid)) await pause(50);
    expect(existsSync(readyFile)).toBe(false);
  });
});

/** A command that ignores requests to end, and says in a file that it runs: its parent, itself, the server. */
const STUBBORN = `trap "" TERM INT HUP; echo "$PPID $$ $OPIK_LOCAL_URL" >new; mv new started; while true; do sleep 0.1; done`;

/** What {@link STUBBORN} has written. */
async function startedCommand(folder: string): Promise<{ exec: number; command: number; url: string }> {
  const [exec, command, url = ""] = (await contentOf(join(folder, "started"))).trim().split(" ");
  killAtEnd(Number(exec), Number(command));
  return { exec: Number(exec), command: Number(command), url };
}

describe.skipIf(process.platform === "win32")("exec with a command that ignores SIGTERM", () => {
  test("ends when its npm was killed, and the command with it", async () => {
    const folder = temporaryFolder();
    const npm = startByNpm(folder, ["exec", "--", "sh", "-c", STUBBORN]);
    const { exec, command, url } = await startedCommand(folder);
    npm.kill("SIGKILL");
    while (isRunning(exec)) await pause(50);
    expect(isRunning(command)).toBe(false);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("is the server, which ends with it also by SIGKILL; the command then runs on without one", async () => {
    const folder = temporaryFolder();
    const child = spawn(COMMAND, [...ARGUMENTS, "exec", "--", "sh", "-c", STUBBORN], { cwd: folder, stdio: "ignore" });
    const exited = once(child, "exit");
    const { exec, command, url } = await startedCommand(folder);
    expect(exec).toBe(child.pid);
    expect((await fetch(`${url}/is-alive/ping`)).status).toBe(200);
    child.kill("SIGKILL");
    await exited;
    await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(isRunning(command)).toBe(true);
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
