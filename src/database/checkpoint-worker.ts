import { parentPort, workerData } from "node:worker_threads";
import { keepAddonIn } from "./addon.ts";
import { connect } from "./driver.ts";

/**
 * The thread of `BusyCheckpoints`: makes a checkpoint whenever it is asked to, and says when it has ended. Its connection
 * is open only meanwhile, because the last connection that closes tidies up the file, and that is to be the server's.
 */
const { path, addonFolder } = workerData as { path: string; addonFolder: string | undefined };
if (addonFolder !== undefined) keepAddonIn(addonFolder);
parentPort?.on("message", () => {
  try {
    const sqlite = connect(path, { timeout: 0 });
    try {
      sqlite.pragma("wal_checkpoint(PASSIVE)");
    } finally {
      sqlite.close();
    }
    parentPort?.postMessage(undefined, []);
  } catch (error) {
    parentPort?.postMessage(String(error), []);
  }
});
