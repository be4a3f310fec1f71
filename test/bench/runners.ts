import { monitorEventLoopDelay } from "node:perf_hooks";
import { uuidFromName } from "../../src/core/ids.ts";

/** A runner that every process of the benchmark knows, and the project that is its alone. */
export interface BenchRunner {
  id: string;
  projectId: string;
}

/** As many as the scenario with the most waiting polls needs. */
const COUNT = 1_000;

/** The same runners in every process. */
export const RUNNERS: readonly BenchRunner[] = Array.from({ length: COUNT }, (_, index) => ({
  id: uuidFromName("bench", "runner", String(index)),
  projectId: uuidFromName("bench", "project", String(index)),
}));

/** Longer than any scenario, so that no poll ends by itself. */
export const POLL_TIMEOUT_MS = 120_000;

/** The message of a server under test to the process that started it. */
export type ServerMessage = { url: string } | Usage | Pauses;

/** What a server has used. */
export interface Usage {
  /** Resident memory in bytes, after a garbage collection. */
  rss: number;
  /** Processor time since its start, in milliseconds. */
  cpuMs: number;
  /** The processor time of the garbage collection that this measurement began with, after `cpuMs` was read. */
  gcMs: number;
}

/** How long other requests had to wait at most. */
export interface Pauses {
  /** The longest time for which the event loop was blocked since the question before, in milliseconds; 0 at the first one. */
  longestPauseMs: number;
}

/** Says where the server is, and then, when it is asked, what it uses, or how long its longest pause was. */
export function reportTo(parent: NodeJS.Process, url: string): void {
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  parent.on("message", (message) => {
    if (message === "pauses") {
      // What is not watched costs nothing: a look each millisecond takes a twentieth of a processor.
      const longestPauseMs = (delays?.max ?? 0) / 1_000_000;
      delays?.disable();
      delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      parent.send?.({ longestPauseMs } satisfies ServerMessage);
    } else if (message === "usage") {
      const cpuMs = processorMs();
      globalThis.gc?.();
      const gcMs = processorMs() - cpuMs;
      parent.send?.({ rss: process.memoryUsage().rss, cpuMs, gcMs } satisfies ServerMessage);
    }
  });
  parent.send?.({ url } satisfies ServerMessage);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
