import { readdirSync, readFileSync } from "node:fs";
// As a whole: Node 22.14 has no `getAssetKeys`, and needs none, because the executable brings its own Node.
import * as executable from "node:sea";

/** Files that are shipped with the program. */
export interface AssetFolder {
  /** The names of the files, in order. */
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
 * they are on the disk.
 * @param name the folder's name inside of the executable (see `build/binary.ts`)
 * @param find where it is on the disk; it ends in a slash
 */
export function assetFolder(name: string, find: () => URL): AssetFolder {
  if (!executable.isSea()) {
    return {
      names: () => readdirSync(find()).toSorted(),
      text: (file) => readFileSync(new URL(file, find()), "utf8"),
      bytes: (file) => readFileSync(new URL(file, find())),
    };
  }
  const prefix = `${name}/`;
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
