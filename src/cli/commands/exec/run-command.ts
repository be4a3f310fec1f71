import { print } from "../../print.ts";
import type { Terminal } from "../../terminal.ts";
import { ProcessGroup } from "./process-group.ts";
import { SignalForwarder } from "./signal-forwarder.ts";

export interface CommandOptions {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** When the command is ended; default never. */
  timeoutMs?: number | undefined;
}

/** Of a command that took too long, as with `timeout(1)`. */
const TIMED_OUT = 124;

/**
 * Runs the command to its end, and ends what it has left running.
 * @param npmEnded resolves when the npm that has started this process ends
 * @returns the exit code of the command
 * @throws CommandError when the command cannot be started
 */
export async function runCommand(
  { command, timeoutMs }: CommandOptions,
  environment: NodeJS.ProcessEnv,
  npmEnded: Promise<void>,
  terminal: Terminal,
): Promise<number> {
  const group = await ProcessGroup.start(command, environment, terminal);
  const terminate = (): void =>
    group.terminate((seconds) =>
      print(terminal.stderr, `${command[0]} did not end within ${seconds} s of SIGTERM, and is killed now.`),
    );
  const signals = new SignalForwarder(terminal, (signal) => {
    // The other signals are requests that a command may refuse: an interpreter goes on after SIGINT.
    if (signal === "SIGTERM") terminate();
    else group.signal(signal);
  });
  void npmEnded.then(terminate);
  const tooLate = Promise.withResolvers<number>();
  const timer =
    timeoutMs === undefined ? undefined : terminal.clock.schedule(timeoutMs, () => tooLate.resolve(TIMED_OUT));
  try {
    const code = await Promise.race([group.exitCode, tooLate.promise]);
    if (code === TIMED_OUT) print(terminal.stderr, `${command[0]} did not end in time, and is ended now.`);
    return code;
  } finally {
    timer?.cancel();
    await group.end();
    signals.dispose();
  }
}
