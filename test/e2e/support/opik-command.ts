import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { pythonEnvironment } from "./python-environment.ts";

/** Opik's command line in a process of its own. */
export interface OpikCommand {
  child: ChildProcess;
  /** What it has printed on its standard output. */
  printed(): string;
}

/**
 * Starts `opik WORDS`; it is killed when the test ends.
 * @param python the Python that has it
 * @param home a folder for what it keeps between runs
 * @param folder its working directory
 */
export function startOpik(
  words: readonly string[],
  { python, serverUrl, home, folder }: { python: string; serverUrl: string; home: string; folder: string },
): OpikCommand {
  const child = spawn(python, ["-m", "opik.cli", ...words], {
    cwd: folder,
    // A group of its own, because a terminal sends Ctrl-C to the whole group.
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
    // It breaks lines, and so links, at the width of its terminal.
    env: { ...pythonEnvironment(serverUrl, home), COLUMNS: "1000" },
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (printed += text));
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
  });
  return { child, printed: () => printed };
}
