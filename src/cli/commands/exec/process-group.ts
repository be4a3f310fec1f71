import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import type { Clock, Timer } from "../../../core/clock.ts";
import { errorCode } from "../../../core/errors.ts";
import { describeFileFailure } from "../../../core/file-failure.ts";
import { isGroupRunning } from "../../../core/running-process.ts";
import { CommandError } from "../../failures.ts";
import type { Terminal } from "../../terminal.ts";
import { killTree, shellArguments } from "./windows.ts";

/**
 * How long a command may take to end after `SIGTERM`, in milliseconds. Container runtimes kill all after 10 seconds, and
 * until then the server has to be stopped, too.
 */
const COMMAND_GRACE_MS = 5_000;

/** How long what it leaves running may take after `SIGTERM`, and the system to remove it after `SIGKILL`. */
const GRACE_MS = { SIGTERM: 2_000, SIGKILL: 1_000 } as const;
const CHECK_INTERVAL_MS = 20;

/** The exit codes of shells for a command that cannot be started, and for one that a signal has ended. */
const EXIT_CODES = { notFound: 127, notExecutable: 126, signalled: 128 } as const;

const IS_WINDOWS = process.platform === "win32";

/** A command that runs with all its children in a process group of its own. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #killing: Timer | undefined;
  /** The exit code of the command; 128 and the signal's number when a signal ended it. */
  readonly exitCode: Promise<number>;

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
    this.exitCode = once(child, "close").then(([code, signal]: Array<number | string | null>) =>
      typeof code === "number" ? code : EXIT_CODES.signalled + constants.signals[signal as NodeJS.Signals],
    );
  }

  /**
   * Starts a command with the input and output of the terminal.
   * @throws CommandError with exit code 127 when there is no such command, 126 when it cannot be executed
   */
  static async start(
    [command, ...parameters]: readonly [string, ...string[]],
    environment: NodeJS.ProcessEnv,
    terminal: Terminal,
  ): Promise<ProcessGroup> {
    const stdio: StdioOptions = ["inherit", fileOrPipe(terminal.stdout), fileOrPipe(terminal.stderr)];
    // On Windows `detached` opens a window.
    const options = { cwd: terminal.folder, env: environment, stdio, detached: !IS_WINDOWS };
    const child = IS_WINDOWS
      ? spawn("cmd.exe", shellArguments([command, ...parameters]), { ...options, windowsVerbatimArguments: true })
      : spawn(command, parameters, options);
    const group = new ProcessGroup(child, terminal.clock);
    child.stdout?.pipe(terminal.stdout, { end: false });
    child.stderr?.pipe(terminal.stderr, { end: false });
    try {
      await once(child, "spawn");
    } catch (error) {
      // There is no exit code of what was not started.
      group.exitCode.catch(() => {});
      throw describeStartError(command, error);
    }
    return group;
  }

  /**
   * Sends a signal to the command and its children. Does nothing when they have ended. Windows has no signals: a console
   * sends its Ctrl-C to the command itself, and `SIGTERM` and `SIGKILL` end the processes.
   */
  signal(name: NodeJS.Signals): void {
    if (IS_WINDOWS) {
      if (this.#isRunning() && (name === "SIGTERM" || name === "SIGKILL")) killTree(this.#pid);
      return;
    }
    try {
      process.kill(-this.#pid, name);
    } catch (error) {
      if (errorCode(error) !== "ESRCH") throw error;
    }
  }

  /**
   * Sends `SIGTERM` to the command and its children, and `SIGKILL` when the command has not ended after the time that it
   * is given.
   * @param onKill called before `SIGKILL` is sent, with the seconds that have passed
   */
  terminate(onKill: (afterSeconds: number) => void): void {
    this.signal("SIGTERM");
    this.#killing ??= this.#clock.schedule(COMMAND_GRACE_MS, () => {
      onKill(COMMAND_GRACE_MS / 1_000);
      this.signal("SIGKILL");
    });
  }

  /** Ends the processes of the group that still run: first with `SIGTERM`, then with `SIGKILL`. */
  async end(): Promise<void> {
    this.#killing?.cancel();
    for (const name of ["SIGTERM", "SIGKILL"] as const) {
      if (!this.#isRunning()) return;
      this.signal(name);
      await this.#untilEnded(GRACE_MS[name]);
    }
  }

  get #pid(): number {
    return this.#child.pid ?? 0;
  }

  #isRunning(): boolean {
    if (IS_WINDOWS) return this.#child.exitCode === null && this.#child.signalCode === null;
    return isGroupRunning(this.#pid);
  }

  async #untilEnded(timeoutMs: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < timeoutMs && this.#isRunning(); waitedMs += CHECK_INTERVAL_MS) {
      await new Promise<void>((resolve) => this.#clock.schedule(CHECK_INTERVAL_MS, resolve));
    }
  }
}

/** Files and terminals are inherited, so that the command knows what it writes to. */
function fileOrPipe(stream: Writable): Writable | "pipe" {
  return "fd" in stream ? stream : "pipe";
}

function describeStartError(command: string, error: unknown): CommandError {
  if (errorCode(error) === "ENOENT") {
    return new CommandError(`There is no command ${command}. Check its name and your PATH.`, EXIT_CODES.notFound);
  }
  const reason = describeFileFailure(error, command);
  return new CommandError(`${command} cannot be executed: ${reason}.`, EXIT_CODES.notExecutable);
}
