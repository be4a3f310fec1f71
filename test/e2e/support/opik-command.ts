import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";

/** Opik's command line in a process of its own. */
export interface OpikCommand {
  child: ChildProcess;
  /** What it has printed, on both of its streams. */
  printed(): string;
}

/**
 * Starts `opik WORDS`; it is killed when the test ends.
 * @param python the Python that has it
 * @param environment see {@link pythonEnvironment}
 * @param folder its working directory
 */
export function startOpik(
  words: readonly string[],
  { python, environment, folder }: { python: string; environment: NodeJS.ProcessEnv; folder: string },
): OpikCommand {
  const child = spawn(python, ["-m", "opik.cli", ...words], {
    cwd: folder,
    // A group of its own, because a terminal sends Ctrl-C to the whole group.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // It breaks lines, and so links, at the width of its terminal.
    env: { ...environment, COLUMNS: "1000" },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => void (printed += text));
  }
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
  });
  return { child, printed: () => printed };
}
