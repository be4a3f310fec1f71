import { renameSync, rmSync, writeFileSync } from "node:fs";
import { SystemClock } from "../core/clock.ts";
import { createIdSource, type IdSource } from "../core/ids.ts";

/**
 * Writes a file as a whole: readers never see half of it. The draft beside it has a name that others cannot
 * guess, and is never one that exists: a symbolic link planted in its place would name another file to overwrite.
 * @param mode permissions of the file
 * @param ids where the name of the draft comes from
 * @throws Error of the file system; no draft is left
 */
export function writeWholeFile(
  path: string,
  text: string,
  mode: number,
  ids: IdSource = createIdSource(new SystemClock()),
): void {
  const draft = `${path}.${ids.bytes(8).toString("hex")}.tmp`;
  writeFileSync(draft, "", { flag: "wx", mode });
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
