import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Config } from "../../src/config.ts";
import type { CommandLine, TimedCommand } from "./command-timer.ts";
import type { DoubleCosts } from "./double.ts";
import type { JobChanges } from "./job-changes.ts";
import type { Scenario } from "./load.ts";
import type { Took } from "./numbers.ts";
import { programOf } from "./programs.ts";
import type { Pauses, ServerMessage, Usage } from "./runners.ts";

/** A server under test. */
export interface BenchServer {
  url: string;
  usage(): Promise<Usage>;
  /** From the first call on the server watches its pauses. */
  pauses(): Promise<Pauses>;
  /** Has the real server change jobs. @returns how many changes a second it reached */
  changeJobs(changes: JobChanges): Promise<number>;
  stop(): Promise<void>;
}

export type ServerKind = "real" | "bare";

const LOAD = new URL("./load.ts", import.meta.url);
const TIMER = new URL("./command-timer.ts", import.meta.url);

/** The command lines that start a server on a file: the package, and a program of the least that its libraries do. */
export const START_COMMANDS: Record<ServerKind, (database: string) => CommandLine> = {
  real: (database) => [
    ...([process.execPath, fileOf("../../bin/opik-local.mjs")] as const),
    ...["dev", "--port", "0", "--db", database, "--json", "--quiet"],
  ],
  bare: (database) => [process.execPath, fileOf("./bare-start.mjs"), database],
};

/** The command lines that start a server, run a program that does nothing, and stop. */
export const EXEC_COMMANDS: Record<ServerKind, CommandLine> = {
  real: [process.execPath, fileOf("../../bin/opik-local.mjs"), "exec", "--", "true"],
  bare: [process.execPath, fileOf("./bare-start.mjs"), ":memory:", "true"],
};

function fileOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

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
  const child = fork(await programOf(`${kind}-server`), [database, JSON.stringify(config)], {
    execArgv: ["--expose-gc", ...profiling],
  });
  const { url } = (await nextMessage(child)) as Extract<ServerMessage, { url: string }>;
  return {
    url,
    usage: async () => {
      child.send("usage");
      return (await nextMessage(child)) as Usage;
    },
    pauses: async () => {
      child.send("pauses");
      return (await nextMessage(child)) as Pauses;
    },
    changeJobs: async (changes) => {
      child.send(changes);
      return (await nextMessage(child)) as number;
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

/** Measures the test double in a process of its own. @param rounds how often it is started */
export async function measureTestDouble(fixture: string, rounds: number): Promise<DoubleCosts> {
  const child = fork(await programOf("double"), [fixture, String(rounds)], { execArgv: [] });
  const exited = once(child, "exit");
  const costs = (await nextMessage(child)) as DoubleCosts;
  await exited;
  return costs;
}

/** The process that starts commands and takes their times. */
export class CommandTimer {
  readonly #child = fork(TIMER, { execArgv: [] });

  /** From the start of a server's process to its first answer. */
  startToFirstAnswer(command: CommandLine): Promise<Took> {
    return this.#time({ until: "answer", command });
  }

  /** From the start of a program to its end. @returns milliseconds */
  async runToEnd(command: CommandLine): Promise<number> {
    return (await this.#time({ until: "end", command })).wall;
  }

  stop(): Promise<void> {
    return end(this.#child);
  }

  async #time(timed: TimedCommand): Promise<Took> {
    this.#child.send(timed);
    return (await nextMessage(this.#child)) as Took;
  }
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
