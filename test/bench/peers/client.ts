import { connect as connectBullMq } from "./bullmq.ts";
import { connect as connectOpikLocal } from "./opik-local.ts";
import type { PeerClient, PeerName } from "./peer.ts";
import { connect as connectPlainjob } from "./plainjob.ts";

/** The process of a peer's client: `client.ts PEER FOLDER ADDRESS`. It completes a job, and then what it is asked to. */
const CLIENTS: Record<PeerName, (folder: string, address: string) => Promise<PeerClient>> = {
  "opik-local": connectOpikLocal,
  bullmq: connectBullMq,
  plainjob: connectPlainjob,
};

/** Sends jobs in `lanes` lanes at once, for `ms` milliseconds. */
export interface Load {
  lanes: number;
  ms: number;
}

/** What a load has reached. */
export interface Reached {
  jobsPerSecond: number;
  /** Milliseconds from sending each job until its worker had it. */
  handOuts: number[];
  /** Resident memory of the client's process, in bytes. */
  rss: number;
}

const [name = "", folder = "", address = ""] = process.argv.slice(2);
const client = await CLIENTS[name as PeerName](folder, address);
await client.job(0);
process.on("message", (load: Load) => void run(load).then((reached) => process.send?.(reached)));
process.once("disconnect", () => void client.close().then(() => process.exit()));
process.send?.("ready");

async function run({ lanes, ms }: Load): Promise<Reached> {
  const startedAt = performance.now();
  const handOuts: number[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      while (performance.now() - startedAt < ms) handOuts.push(await client.job(lane));
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { jobsPerSecond: handOuts.length / seconds, handOuts, rss: process.memoryUsage().rss };
}
