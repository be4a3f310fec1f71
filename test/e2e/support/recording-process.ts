import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { executable } from "./executable.ts";

/** A process of `opik-local record` or `opik-local replay`. */
export interface RecordingProcess {
  url: string;
  /** Ends it as Ctrl-C does. @returns its exit code and what it has said on stderr */
  interrupt(): Promise<{ code: number | null; complaints: string }>;
}

/** Starts `opik-local` with a command that serves until it is stopped; it is killed at the latest when the test ends. */
export async function startRecordingProcess(...argv: string[]): Promise<RecordingProcess> {
  const [command, ...args] = executable();
  const child: ChildProcess = spawn(command, [...args, ...argv, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit") as Promise<[number | null]>;
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const complaints = text(child.stderr!);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await once(lines, "line")) as [string];
  const url = /on (http:[^\s;]+)/.exec(line)?.[1];
  if (url === undefined) throw new Error(`It does not say where it listens: ${line}`);
  return {
    url,
    interrupt: async () => {
      child.kill("SIGINT");
      const [code] = await exited;
      return { code, complaints: await complaints };
    },
  };
}
