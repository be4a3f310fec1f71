import { median } from "./numbers.ts";
import { type LoadGenerator, startServer } from "./processes.ts";

/** Processor time of a cycle with the request journal and without it, in milliseconds. */
export interface JournalCosts {
  on: number;
  off: number;
}

/**
 * Measures what the request journal costs: two servers that differ in it alone, measured in turns. Processor time is
 * compared, because it varies less than the rate on a machine that does other work, too.
 * @param rounds how often each is measured, after one round that warms up
 * @param ms how long a round takes, in milliseconds
 */
export async function measureJournal(
  load: LoadGenerator,
  { rounds, lanes, ms }: { rounds: number; lanes: number; ms: number },
): Promise<JournalCosts> {
  const servers = {
    on: await startServer("real", ":memory:"),
    off: await startServer("real", ":memory:", undefined, { journalSize: 0 }),
  };
  const costs: Record<keyof typeof servers, number[]> = { on: [], off: [] };
  for (let round = 0; round <= rounds; round += 1) {
    // In another order each time: the second one of a round meets a warmer machine.
    for (const kind of round % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
      const before = await servers[kind].usage();
      const [rate = Number.NaN] = await load.run({ kind: "cycles", url: servers[kind].url, lanes, ms });
      const after = await servers[kind].usage();
      if (round > 0) costs[kind].push((after.cpuMs - before.cpuMs) / ((rate * ms) / 1000));
    }
  }
  await Promise.all([servers.on.stop(), servers.off.stop()]);
  return { on: median(costs.on), off: median(costs.off) };
}
