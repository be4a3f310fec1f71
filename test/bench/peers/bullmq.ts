import { load, LOG_LINES, MAX_LANES, type PeerClient } from "./peer.ts";

interface BullJob {
  id?: string;
}

interface RunningJob extends BullJob {
  data: { key: string };
  log(line: string): Promise<number>;
}

/** What is used of BullMQ. */
interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => { add(name: string, data: object): Promise<BullJob>; close(): Promise<void> };
  Worker: new (
    name: string,
    work: (job: RunningJob) => Promise<object>,
    options: object,
  ) => {
    on(name: "completed", listener: (job: BullJob & { data: { key: string } }) => void): void;
    on(name: "error", listener: (error: Error) => void): void;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
}

/**
 * BullMQ with a Redis server: a queue and a worker for each lane, in the process of the client.
 * @param address the port of the Redis server
 */
export async function connect(folder: string, address: string): Promise<PeerClient> {
  const { Queue, Worker } = await load<BullMq>(folder, "bullmq");
  const connection = { host: "127.0.0.1", port: Number(address), maxRetriesPerRequest: null };
  const started = new Map<string, number>();
  const completed = new Map<string, () => void>();
  let count = 0;
  const lanes = Array.from({ length: MAX_LANES }, (_, lane) => {
    const queue = new Queue(`lane-${lane}`, { connection });
    const worker = new Worker(
      `lane-${lane}`,
      async (job) => {
        started.set(job.data.key, performance.now());
        for (const line of LOG_LINES) await job.log(line);
        return { answer: 42 };
      },
      { connection },
    );
    worker.on("completed", ({ data }) => completed.get(data.key)?.());
    worker.on("error", () => undefined);
    return { queue, worker };
  });
  await Promise.all(lanes.map(({ worker }) => worker.waitUntilReady()));
  return {
    job: async (lane) => {
      count += 1;
      const key = String(count);
      const done = new Promise<void>((resolve) => completed.set(key, resolve));
      const sentAt = performance.now();
      await Promise.all([lanes[lane]?.queue.add("echo", { key, inputs: { question: "why?" } }), done]);
      completed.delete(key);
      const startedAt = started.get(key) ?? Number.NaN;
      started.delete(key);
      return startedAt - sentAt;
    },
    close: async () => {
      await Promise.all(lanes.flatMap(({ queue, worker }) => [queue.close(), worker.close()]));
    },
  };
}
