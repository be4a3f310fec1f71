import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Clock, Timer } from "../../../core/clock.ts";
import { isRunning } from "../../../core/running-process.ts";
import type { Terminal } from "../../terminal.ts";

/** What the operating system says of processes. */
export interface Processes {
  /** The parent of this process. */
  parent(): number;
  /** The parent and the command line of a process; `undefined` when there is none, or none can be found out. */
  describe(pid: number): Promise<{ parent: number; command: string } | undefined>;
  isAlive(pid: number): boolean;
}

/** How often it is looked whether npm still runs, in milliseconds. */
const CHECK_INTERVAL_MS = 1_000;

/** `npm exec opik-local dev`, `node /usr/bin/npx opik-local dev`; but no folder that is called `.npm`. */
const NPM = /(?:^|[\\/ ])np[mx](?:-cli\.js|\.cmd)?(?: |$)/;

/** npm runs commands in a shell, so it is the parent or the grandparent. */
const MAX_GENERATIONS = 2;

/**
 * Waits for the end of the npm or npx that has started this process. npm does not pass a signal on to a background
 * process (npm/cli#6684): `npx opik-local dev & kill $!` would leave the server behind with its port and ready file.
 * A server without npm above it, or whose npm goes on without a terminal (`nohup`, `setsid`), runs on.
 */
export class NpmWatch implements Disposable {
  readonly #clock: Clock;
  readonly #processes: Processes;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(clock: Clock, processes: Processes = systemProcesses) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /**
   * @param environment of this process: npm sets `npm_command` for what it starts
   * @param onEnded called once, when npm has ended
   */
  async start(environment: Terminal["environment"], onEnded: () => void): Promise<void> {
    if (environment["npm_command"] === undefined) return;
    const parent = this.#processes.parent();
    const npm = await this.#findNpm(parent);
    if (npm !== undefined)
      this.#check(() => this.#processes.parent() === parent && this.#processes.isAlive(npm), onEnded);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #check(isThere: () => boolean, onEnded: () => void): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.schedule(CHECK_INTERVAL_MS, () => {
      if (isThere()) this.#check(isThere, onEnded);
      else onEnded();
    });
  }

  async #findNpm(parent: number): Promise<number | undefined> {
    let pid = parent;
    for (let generation = 0; generation < MAX_GENERATIONS && pid > 1; generation += 1) {
      const process = await this.#processes.describe(pid);
      if (process === undefined) return undefined;
      if (NPM.test(process.command)) return pid;
      pid = process.parent;
    }
    return undefined;
  }
}

const systemProcesses: Processes = {
  parent: () => process.ppid,
  describe: async (pid) => (process.platform === "linux" ? describeByProc(pid) : describeByPs(pid)),
  isAlive: isRunning,
};

/** These files are in memory: to read them in another thread takes a twentieth of a start. */
function describeByProc(pid: number): Awaited<ReturnType<Processes["describe"]>> {
  try {
    const [stat = "", command = ""] = ["stat", "cmdline"].map((name) => readFileSync(`/proc/${pid}/${name}`, "utf8"));
    // The name in parentheses may itself have blanks and parentheses.
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(parent), command: command.replaceAll("\0", " ") };
  } catch {
    return undefined;
  }
}

async function describeByPs(pid: number): ReturnType<Processes["describe"]> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "ppid=,command=", "-p", String(pid)]);
    const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
    return parent === undefined ? undefined : { parent: Number(parent), command: command ?? "" };
  } catch {
    return undefined;
  }
}
