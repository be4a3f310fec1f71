import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Config } from "../../src/config.ts";
import type { Scenario } from "./load.ts";
import type { ServerMessage, Usage } from "./runners.ts";

/** A server under test. */
export interface BenchServer {
  url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export type ServerKind = "real" | "bare";

const SERVERS: Record<ServerKind, URL> = {
  real: new URL("./real-server.ts", import.meta.url),
  bare: new URL("./bare-server.ts", import.meta.url),
};
const LOAD = new URL("./load.ts", import.meta.url);
const START: Record<ServerKind, URL> = {
  real: new URL("../../bin/opik-local.mjs", import.meta.url),
  bare: new URL("./bare-start.mjs", import.meta.url),
};

/**
 * Starts one of the two servers.
 * @param profileFolder where to write a CPU profile of the server when it ends; default none
 * @param config settings of the real server
 */
export async function startServer(
  kind: ServerKind,
  database: string,
  profileFolder?: string,
  config: Partial<Config> = {},
): Promise<BenchServer> {
  const profiling = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
  const child = fork(SERVERS[kind], [database, JSON.stringify(config)], { execArgv: ["--expose-gc", ...profiling] });
  const { url } = (await nextMessage(child)) as Extract<ServerMessage, { url: string }>;
  return {
    url,
    usage: async () => {
      child.send("usage");
      return (await nextMessage(child)) as Usage;
    },
    stop: () => end(child),
  };
}

/** The process that makes the load. */
export class LoadGenerator {
  readonly #child = fork(LOAD, { execArgv: [] });

  /** Runs a scenario. @returns what it measured, see `Scenario` */
  async run(scenario: Scenario): Promise<number[]> {
    this.#child.send(scenario);
    return (await nextMessage(this.#child)) as number[];
  }

  stop(): Promise<void> {
    return end(this.#child);
  }
}

/**
 * Starts the executable that people start, or a bare program, asks it one question and ends it.
 * @returns milliseconds from the start of the process to the answer
 */
export async function startToFirstAnswer(kind: ServerKind, database: string): Promise<number> {
  const options: Record<ServerKind, string[]> = {
    real: ["dev", "--port", "0", "--db", database, "--json", "--quiet"],
    bare: [database],
  };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(START[kind]), ...options[kind]], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url } = JSON.parse(line) as { event: string; url: string };
    if (event !== "ready") continue;
    await (await fetch(`${url}/is-alive/ping`)).arrayBuffer();
    break;
  }
  const took = performance.now() - startedAt;
  child.kill("SIGINT");
  await exited;
  return took;
}

/** @throws Error when the process ends instead */
async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const ended = async (): Promise<never> => {
    await once(child, "exit", { signal: settled.signal });
    throw new Error("a process of the benchmark ended early");
  };
  try {
    const [message] = (await Promise.race([once(child, "message", { signal: settled.signal }), ended()])) as [unknown];
    return message;
  } finally {
    settled.abort();
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}
