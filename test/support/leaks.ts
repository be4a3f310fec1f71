import { expect, onTestFinished, vi } from "vitest";
import { inNextTurn, nodeTimers } from "../../src/core/node-timers.ts";
import type { OpikLocalParts } from "../../src/server.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const;
const CONSOLE_METHODS = ["log", "info", "warn", "error", "debug"] as const;

/** What of this process must be as before when a test has ended. */
function footprint(): Record<string, number> {
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string): number => resources.filter((resource) => resource === kind).length;
  return {
    "listening sockets": count("TCPServerWrap"),
    "open connections": count("TCPSocketWrap"),
    "signal listeners": SIGNALS.reduce((sum, signal) => sum + process.listenerCount(signal), 0),
    "uncaughtException listeners": process.listenerCount("uncaughtException"),
  };
}

/**
 * Fails the test when it leaves something behind: sockets, listeners of signals, output on the console, a
 * process warning. To be called before anything is started, so that it looks when everything is stopped.
 */
export function expectNothingLeft(): void {
  const before = footprint();
  const warnings: string[] = [];
  const onWarning = (warning: Error): unknown => warnings.push(String(warning));
  process.on("warning", onWarning);
  const output: unknown[][] = [];
  const spies = CONSOLE_METHODS.map((method) =>
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void output.push([method, ...words])),
  );
  onTestFinished(async () => {
    process.off("warning", onWarning);
    for (const spy of spies) spy.mockRestore();
    // What an earlier test has closed may have been counted before, as handles end a little later.
    const leftBehind = (): Array<[string, number]> =>
      Object.entries(footprint()).filter(([kind, count]) => count > (before[kind] ?? 0));
    await settled(() => leftBehind().length === 0);
    expect(leftBehind(), "left behind").toEqual([]);
    expect(warnings, "warnings of the process").toEqual([]);
    expect(output, "output on the console").toEqual([]);
  });
}

/**
 * Stops the server when the test has ended, after a look at whether the test left it in order: no open poll,
 * no event listener that was not there when it was made.
 */
export function stopWhenFinished(server: OpikLocalParts): void {
  const listenersBefore = server.events.listenerCount;
  onTestFinished(async () => {
    const openPolls = server.openPolls.count;
    // A server that the test has stopped itself has fewer than before.
    const listeners = Math.max(0, server.events.listenerCount - listenersBefore);
    await server.stop();
    expect({ openPolls, listeners }, "left behind in the server").toEqual({ openPolls: 0, listeners: 0 });
  });
}

/** As long as a condition may take to become true on a busy machine, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Lets the event loop turn until `condition` holds; gives up after a minute, so that the caller reports what is wrong. */
export async function settled(condition: () => boolean): Promise<void> {
  const deadline = nodeTimers.monotonicTime() + TIMEOUT_MS;
  while (!condition() && nodeTimers.monotonicTime() < deadline) await new Promise<void>(inNextTurn);
}

/** Resolves when the server holds `count` long-polls, whatever for; fails when it does not come to that. */
export async function untilPollsHeld(server: Pick<OpikLocalParts, "openPolls">, count: number): Promise<void> {
  await settled(() => server.openPolls.count === count);
  const openPolls = server.openPolls.count;
  if (openPolls !== count) throw new Error(`${openPolls} polls are open, not ${count}`);
}
