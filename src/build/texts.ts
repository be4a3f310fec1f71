import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TEXTS_SUFFIX } from "../core/assets.ts";
import { filesBelow } from "../core/files-below.ts";

/**
 * Writes the texts of a folder, and of the folders in it, into one file beside the place of the folder: npm takes longer to
 * unpack each small file than all that is in them (`core/assets.ts` reads it).
 * @param folder the place of the folder in the package
 * @param source the folder in the repository
 */
export function writeTexts(folder: string, source: string): void {
  const texts = filesBelow(source).map((name) => [name, readFileSync(join(source, name), "utf8")]);
  writeFileSync(folder + TEXTS_SUFFIX, JSON.stringify(Object.fromEntries(texts)));
}
