import { join } from "node:path";
import { load, MAX_LANES, type PeerClient } from "./peer.ts";

interface PlainJobJob {
  id: number;
}

/** What is used of plainjob. */
interface PlainJob {
  better(database: object): object;
  defineQueue(options: object): { add(type: string, data: object): PlainJobJob; close(): void };
  defineWorker(
    type: string,
    work: (job: PlainJobJob) => Promise<void>,
    options: object,
  ): { start(): Promise<void>; stop(): Promise<void> };
}

/** It looks for jobs in an interval, 1,000 ms by default; with that it would do one job per second and lane. */
const INTERVAL_MS = 1;

const SILENT = { error: nothing, warn: nothing, info: nothing, debug: nothing };

/**
 * plainjob with a file: the queue and a worker for each lane are in the process of the client.
 * @param address the folder of the file
 */
export async function connect(folder: string, address: string): Promise<PeerClient> {
  const { better, defineQueue, defineWorker } = await load<PlainJob>(folder, "plainjob");
  const { default: Sqlite } = await load<{ default: new (path: string) => object }>(folder, "better-sqlite3");
  const queue = defineQueue({ connection: better(new Sqlite(join(address, "plainjob.db"))), logger: SILENT });
  const started = new Map<number, number>();
  const completed = new Map<number, () => void>();
  const workers = Array.from({ length: MAX_LANES }, (_, lane) =>
    defineWorker(`lane-${lane}`, async ({ id }) => void started.set(id, performance.now()), {
      queue,
      logger: SILENT,
      pollIntervall: INTERVAL_MS,
      onCompleted: ({ id }: PlainJobJob) => completed.get(id)?.(),
    }),
  );
  for (const worker of workers) void worker.start();
  return {
    job: async (lane) => {
      const sentAt = performance.now();
      const { id } = queue.add(`lane-${lane}`, { question: "why?" });
      await new Promise<void>((resolve) => completed.set(id, resolve));
      completed.delete(id);
      const startedAt = started.get(id) ?? Number.NaN;
      started.delete(id);
      return startedAt - sentAt;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      queue.close();
    },
  };
}

function nothing(): void {}
