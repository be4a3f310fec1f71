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
export type ServerMessage = { url: string } | Usage;

/** What a server has used. */
export interface Usage {
  /** Resident memory in bytes, after a garbage collection. */
  rss: number;
  /** Processor time since its start, in milliseconds. */
  cpuMs: number;
  /** The longest time for which the event loop was blocked since the last question, in milliseconds. */
  longestPauseMs: number;
}

/** Says where the server is, and then what it uses whenever it is asked. */
export function reportTo(parent: NodeJS.Process, url: string): void {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  parent.on("message", (message) => {
    if (message !== "usage") return;
    const longestPauseMs = delays.max / 1_000_000;
    const { user, system } = process.cpuUsage();
    globalThis.gc?.();
    parent.send?.({
      rss: process.memoryUsage().rss,
      cpuMs: (user + system) / 1000,
      longestPauseMs,
    } satisfies ServerMessage);
    delays.reset();
  });
  parent.send?.({ url } satisfies ServerMessage);
}
