import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Took } from "./numbers.ts";

/*
 * A process that starts commands and takes their times. It is small: to start a process from the one that has bundled the
 * programs takes a third of the times longer, because the system copies what that one has in memory.
 */

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** What to measure: a server from its start to its first answer, or a program until it has ended. The answer is `Took`. */
export interface TimedCommand {
  until: "answer" | "end";
  command: CommandLine;
}

process.on("message", ({ until, command }: TimedCommand) => {
  void (until === "answer" ? startToFirstAnswer(command) : runToEnd(command)).then((took) => process.send?.(took));
});

/** Starts a program that prints where its server is, asks it one question and ends it. */
async function startToFirstAnswer([program, ...options]: CommandLine): Promise<Took> {
  const startedAt = performance.now();
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url } = JSON.parse(line) as { event: string; url: string };
    if (event !== "ready") continue;
    await (await fetch(`${url}/is-alive/ping`)).arrayBuffer();
    break;
  }
  const took = { wall: performance.now() - startedAt, cpu: processorTimeOf(child.pid) };
  child.kill("SIGINT");
  await exited;
  return took;
}

/** Runs a program to its end. @throws Error when it fails */
async function runToEnd([program, ...options]: CommandLine): Promise<Took> {
  const startedAt = performance.now();
  const child = spawn(program, options, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${[program, ...options].join(" ")} ended with ${String(code)}`);
  return { wall: performance.now() - startedAt, cpu: Number.NaN };
}

/** The processor time that all threads of a process have used, in milliseconds. */
function processorTimeOf(pid: number | undefined): number {
  try {
    const threads = `/proc/${pid}/task`;
    const times = readdirSync(threads).map((thread) => {
      const [nanoseconds] = readFileSync(`${threads}/${thread}/schedstat`, "utf8").split(" ");
      return Number(nanoseconds);
    });
    return times.reduce((sum, time) => sum + time, 0) / 1_000_000;
  } catch {
    return Number.NaN;
  }
}
