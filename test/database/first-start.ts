import { parentPort, workerData } from "node:worker_threads";
import { provideFile } from "../../src/database/addon.ts";

/** What a thread is started with. */
export interface FirstStarts {
  /** Folders that are missing, one after another. */
  folders: readonly string[];
  content: Uint8Array;
  threads: number;
  /** How often a thread was ready for a folder; each waits until all are. */
  ready: Int32Array;
}

const { folders, content, threads, ready } = workerData as FirstStarts;
const paths = folders.map((folder, index) => {
  const all = (index + 1) * threads;
  if (Atomics.add(ready, 0, 1) + 1 === all) Atomics.notify(ready, 0);
  for (let count = Atomics.load(ready, 0); count < all; count = Atomics.load(ready, 0)) Atomics.wait(ready, 0, count);
  return provideFile(folder, Buffer.from(content));
});
parentPort?.postMessage(paths, []);
