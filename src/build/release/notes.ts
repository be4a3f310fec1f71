import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { ROOT } from "../paths.ts";
import { sectionOf } from "./changelog.ts";

/*
 * Prints the notes of a release, its section of CHANGELOG.md, and fails when the tag is not that of this version:
 *
 *     npm run --silent release:notes -- v0.2.0
 */

/** @throws Error when a release of this tag cannot be made */
function notesOf(tag: string | undefined): string {
  if (tag !== `v${manifest.version}`) {
    throw new Error(`the tag is ${tag ?? "not given"}, but the version in package.json is ${manifest.version}`);
  }
  const notes = sectionOf(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), manifest.version) ?? "";
  if (notes === "") throw new Error(`CHANGELOG.md says nothing about ${manifest.version}`);
  return notes;
}

try {
  process.stdout.write(`${notesOf(process.argv[2])}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
