import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EMPTY_IMAGE, makeEmptyImage } from "../database/empty-image.ts";

/** Writes the content of new databases into a folder. @returns the path of the file */
export function writeEmptyImage(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, EMPTY_IMAGE);
  writeFileSync(path, makeEmptyImage());
  return path;
}
