import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { isGroupRunning, isRunning } from "../../src/core/running-process.ts";

/** Starts a shell that starts a process, and becomes a program that does not read its exit code; then the process ends. */
async function startUnreadProcess(): Promise<number> {
  const shell = spawn("sh", ["-c", "cat <&3 & echo $!; exec sleep 30 3<&-"], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const exited = once(shell, "exit");
  onTestFinished(async () => {
    shell.kill("SIGKILL");
    await exited;
  });
  const [line] = (await once(createInterface({ input: shell.stdout! }), "line")) as [string];
  const program = (): string => readFileSync(`/proc/${shell.pid}/comm`, "utf8");
  await expect.poll(program).toBe("sleep\n");
  (shell.stdio[3] as Writable).end();
  return Number(line);
}

describe("whether a process runs", () => {
  test("is true of this one", () => {
    expect(isRunning(process.pid)).toBe(true);
  });

  test("is false of one that has ended", async () => {
    const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
    await once(child, "exit");
    expect(isRunning(child.pid ?? 0)).toBe(false);
  });

  test.runIf(process.platform === "linux")("is false of one whose exit code its parent has not read", async () => {
    const pid = await startUnreadProcess();
    await expect.poll(() => isRunning(pid)).toBe(false);
    // It is still there for the system.
    expect(process.kill(pid, 0)).toBe(true);
  });
});

describe.skipIf(process.platform === "win32")("whether a process of a group runs", () => {
  test("is true of a group whose first process has ended", async () => {
    const shell = spawn("sh", ["-c", "sleep 30 & exit 0"], { stdio: "ignore", detached: true });
    onTestFinished(() => void process.kill(-(shell.pid ?? 0), "SIGKILL"));
    await once(shell, "exit");
    expect(isGroupRunning(shell.pid ?? 0)).toBe(true);
  });
});
