import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** As many lanes can be measured: each has a worker of its own, which waits for jobs. */
export const MAX_LANES = 10;

/** What the worker of a job logs, where the peer has logs. */
export const LOG_LINES = ["reading the question", "thinking", "answering"] as const;

export type PeerName = "opik-local" | "bullmq" | "plainjob";

/** A queue with its waiting workers, in the process of its client. */
export interface PeerClient {
  /**
   * Sends a job and waits until its worker has completed it.
   * @returns milliseconds from the call until the worker had the job
   */
  job(lane: number): Promise<number>;
  close(): Promise<void>;
}

/** The server of a peer, if it has one. */
export interface PeerServer {
  /** Where its client finds it. */
  address: string;
  pid: number | undefined;
  stop(): Promise<void>;
}

/** Thrown for a peer that is not installed, with a sentence that says so. */
export class NotInstalledError extends Error {}

/** Loads a library from the folder in which the script has installed it. */
export async function load<Library>(folder: string, name: string): Promise<Library> {
  const path = createRequire(join(folder, "index.js")).resolve(name);
  return (await import(pathToFileURL(path).href)) as Library;
}

/** The resident memory of a process in bytes. */
export function memoryOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;
}

/** Ends a process that this script has started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await exited;
}
