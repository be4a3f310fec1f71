import type { FixtureInput } from "../fixtures/format/input.ts";
import { readFixtureFiles } from "../fixtures/load/files.ts";
import type { FixtureFile } from "../fixtures/load/source.ts";

/** A fixture, or paths of files and folders. */
export type Fixtures = FixtureInput | string | readonly string[];

/** Reads fixtures, from the disk when they are paths. */
export function toFiles(fixtures: Fixtures): FixtureFile[] {
  if (typeof fixtures === "string") return readFixtureFiles([fixtures]);
  if (isPaths(fixtures)) return readFixtureFiles(fixtures);
  return [{ name: "fixture", text: JSON.stringify(fixtures, null, 2) }];
}

function isPaths(fixtures: FixtureInput | readonly string[]): fixtures is readonly string[] {
  return Array.isArray(fixtures);
}
