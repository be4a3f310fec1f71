import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * Lists the files in a folder and in the folders in it.
 * @returns their paths from that folder, with slashes, in order
 * @throws Error of the file system, when there is no such folder
 */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .toSorted();
}
