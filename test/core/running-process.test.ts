import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { isRunning } from "../../src/core/running-process.ts";

/** Starts a shell that starts a process, and then becomes a program that never asks what became of it. */
async function startUnreadProcess(): Promise<number> {
  const shell = spawn("sh", ["-c", "true & echo $!; exec sleep 30"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(shell, "exit");
  onTestFinished(async () => {
    shell.kill("SIGKILL");
    await exited;
  });
  const [line] = (await once(createInterface({ input: shell.stdout }), "line")) as [string];
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
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    // It is still there for the system.
    expect(process.kill(pid, 0)).toBe(true);
  });
});
