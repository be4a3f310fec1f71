import { extname } from "node:path";
import { getAsset, isSea } from "node:sea";
import { Worker } from "node:worker_threads";

/**
 * Starts a thread. Its code is a file of its own: beside the file that starts it, in the sources as in the package, or
 * inside of the single executable (see `build/binary.ts`).
 * @param name of the file, without its ending: `checkpoint-worker`
 * @param starter the `import.meta.url` of the file that starts it
 * @param data what the thread finds in `workerData`
 */
export function startWorker(name: string, starter: string, data: unknown): Worker {
  const options = { workerData: data, execArgv: [] };
  if (isSea()) return new Worker(getAsset(`${name}.js`, "utf8"), { ...options, eval: true });
  const suffix = extname(starter) === ".ts" ? ".ts" : ".mjs";
  return new Worker(new URL(`./${name}${suffix}`, starter), options);
}
