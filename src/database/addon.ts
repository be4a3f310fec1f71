import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getRawAsset } from "node:sea";
import { crc32 } from "node:zlib";
import { ConfigurationError } from "../core/errors.ts";
import { describeFileFailure } from "../core/file-failure.ts";
import { VERSION } from "../version.ts";
import { NewFiles } from "./new-files.ts";

/** The addon inside of the executable (see `build/binary.ts`). */
const ASSET = "better-sqlite3.node";
const WRITABLE_FOR_OTHERS = 0o022;

let folder: string | undefined;
let addon: object | undefined;

/** Says where the executable may keep its addon; called once, before a database is opened. */
export function keepAddonIn(path: string): void {
  folder = path;
}

/** Where the executable keeps its addon; `undefined` in the package. It is passed to threads, because each has modules of its own. */
export function addonFolder(): string | undefined {
  return folder;
}

/**
 * Loads the SQLite addon of the single executable. The operating system loads it only from a file, so it is written to
 * a folder of this version once, and is used by later starts when its content is the same.
 * @throws ConfigurationError when it cannot be written or loaded
 */
export function loadAddon(): object {
  if (addon !== undefined) return addon;
  if (folder === undefined) throw new Error("keepAddonIn was not called");
  const module = { exports: {} };
  try {
    process.dlopen(module, provideFile(folder, Buffer.from(getRawAsset(ASSET))));
  } catch (error) {
    throw new ConfigurationError(describe(error, folder), { cause: error });
  }
  addon = module.exports;
  return addon;
}

/**
 * Where programs keep what they can make again.
 * @param environment `OPIK_LOCAL_CACHE` names another folder
 */
export function cacheFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  const named = environment["OPIK_LOCAL_CACHE"];
  if (named !== undefined && named !== "") return join(named, VERSION);
  return join(usualCacheFolder(platform, environment, home), "opik-local", VERSION);
}

function usualCacheFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (platform === "win32") return environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Caches");
  return environment["XDG_CACHE_HOME"] ?? join(home, ".cache");
}

/**
 * Makes sure that the folder has a file with this content, and names it after its checksum. A file of another content is
 * replaced; other users must not be able to write to the folder. Contents are compared byte by byte: that is surer than a
 * hash, and takes a tenth of its time.
 * @returns the path of the file
 */
export function provideFile(folder: string, content: Buffer): string {
  const path = join(folder, `${crc32(content).toString(16).padStart(8, "0")}-${ASSET}`);
  new NewFiles().makeFolder(folder);
  refuseSharedFolder(folder);
  if (hasContent(path, content)) return path;
  // Another process may write or load it at this moment: the complete file appears at once. It is written in a folder with
  // a random name, because process ids repeat: those of two containers with one cache are 1.
  const unfinished = mkdtempSync(`${path}.`);
  try {
    writeFileSync(join(unfinished, ASSET), content, { mode: 0o600 });
    renameSync(join(unfinished, ASSET), path);
  } catch (error) {
    // On Windows a loaded file cannot be replaced.
    if (!hasContent(path, content)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return path;
}

/** @throws when another user could change what is loaded from the folder */
function refuseSharedFolder(folder: string): void {
  const user = process.getuid?.();
  // Windows has no such modes: the folder is in the user's profile.
  if (user === undefined) return;
  const { uid, mode } = statSync(folder);
  if (uid !== user || (mode & WRITABLE_FOR_OTHERS) !== 0) throw new Error("other users can write to it");
}

function hasContent(path: string, content: Buffer): boolean {
  try {
    return readFileSync(path).equals(content);
  } catch {
    return false;
  }
}

function describe(error: unknown, folder: string): string {
  return (
    `SQLite's library cannot be kept in ${folder}: ${describeFileFailure(error, folder)}. ` +
    "Set OPIK_LOCAL_CACHE to a folder that you own and can write to."
  );
}
