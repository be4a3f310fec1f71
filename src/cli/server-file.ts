import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { isRunning } from "../core/running-process.ts";
import { writeWholeFile } from "./whole-file.ts";

/**
 * Where `dev` says that it runs, beside its default database. `opik endpoint` restarts its agent whenever a `.json`, `.yaml`,
 * `.toml` or source file changes below its folder: with such a name, a started server would end the job of that agent.
 */
const SERVER_FILE = join(".opik-local", "server");

const runningServer = v.object({ url: v.string(), pid: v.number() });

/** The server that runs in a folder. */
export type ServerOfFolder = v.InferOutput<typeof runningServer>;

/**
 * Says that this process serves in a folder, so that other commands find it. Only where the folder of the default
 * database is: a server that keeps its data elsewhere makes none.
 * @returns removes the file, unless another server has written its own
 */
export function writeServerFile(folder: string, url: string): () => void {
  const path = join(folder, SERVER_FILE);
  if (!existsSync(dirname(path))) return () => {};
  const own: ServerOfFolder = { url, pid: process.pid };
  try {
    writeWholeFile(path, `${JSON.stringify(own)}\n`, 0o600);
  } catch {
    // A folder that cannot be written to: commands take --url.
    return () => {};
  }
  return () => {
    if (readServerFile(folder)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/** The server that runs in a folder; `undefined` when there is none, also when one was killed and left its file. */
export function readServerFile(folder: string): ServerOfFolder | undefined {
  try {
    const server = v.parse(runningServer, JSON.parse(readFileSync(join(folder, SERVER_FILE), "utf8")));
    return isRunning(server.pid) ? server : undefined;
  } catch {
    return undefined;
  }
}
