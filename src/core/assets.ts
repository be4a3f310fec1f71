import { existsSync, readFileSync } from "node:fs";
// As a whole: Node 22.14 has no `getAssetKeys`, and needs none, because the executable brings its own Node.
import * as executable from "node:sea";
import { fileURLToPath } from "node:url";
import { filesBelow } from "./files-below.ts";

/** The end of the name of a file with the texts of a folder. */
export const TEXTS_SUFFIX = ".json";

/** Files that are shipped with the program. */
export interface AssetFolder {
  /** The names of the files, in order: those in folders of it as `folder/name`. */
  names(): string[];
  /** @throws when there is no such file */
  text(name: string): string;
  /**
   * The bytes of a file, which must not be changed: in the single executable they are a part of it.
   * @throws when there is no such file
   */
  bytes(name: string): Buffer;
}

/**
 * Opens a folder of files that ship with the program. In the single executable they are inside of it; everywhere else
 * they are on the disk, in the package the texts of some folders as one file (see `build/texts.ts`).
 * @param name the folder's name inside of the executable (see `build/binary.ts`)
 * @param find where it is on the disk; it ends in a slash
 */
export function assetFolder(name: string, find: () => URL): AssetFolder {
  return executable.isSea() ? insideOfExecutable(`${name}/`) : onDisk(find);
}

function insideOfExecutable(prefix: string): AssetFolder {
  return {
    names: () =>
      executable
        .getAssetKeys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
        .toSorted(),
    text: (file) => executable.getAsset(prefix + file, "utf8"),
    // A copy: writing to the asset itself, which is in the read-only part of the executable, ends the process.
    bytes: (file) => Buffer.from(executable.getAsset(prefix + file)),
  };
}

function onDisk(find: () => URL): AssetFolder {
  let read: ReadonlyMap<string, string> | undefined;
  const texts = (): ReadonlyMap<string, string> => (read ??= readTexts(textsOf(find())));
  return {
    names: () => [...texts().keys(), ...(existsSync(find()) ? filesBelow(fileURLToPath(find())) : [])].toSorted(),
    text: (file) => texts().get(file) ?? readFileSync(new URL(file, find()), "utf8"),
    bytes: (file) => readFileSync(new URL(file, find())),
  };
}

/** The file with the texts of a folder is beside it: `help.json` beside `help/`. */
function textsOf(folder: URL): URL {
  return new URL(folder.href.replace(/\/$/, TEXTS_SUFFIX));
}

function readTexts(file: URL): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>));
}
