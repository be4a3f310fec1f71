import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { writeTexts } from "../../src/build/texts.ts";
import { assetFolder } from "../../src/core/assets.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-assets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A folder of files, as the repository has it. */
function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), "texts");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const open = (folder: string) => assetFolder("texts", () => pathToFileURL(`${folder}/`));

const FILES = { "b.md": "second", "a.md": "first", "more/.github/c.yml": "third" };
const NAMES = ["a.md", "b.md", "more/.github/c.yml"];

test("files of a folder, and of folders in it", () => {
  const folder = open(makeFolder(FILES));
  expect(folder.names()).toEqual(NAMES);
  expect(folder.text("more/.github/c.yml")).toBe("third");
  expect(folder.bytes("b.md")).toEqual(Buffer.from("second"));
  expect(() => folder.text("missing.md")).toThrow("ENOENT");
});

test("texts that the build has put into one file, beside files that stayed files", () => {
  const built = makeFolder({ "image.db": "bytes" });
  writeTexts(built, makeFolder(FILES));
  const folder = open(built);
  expect(folder.names()).toEqual(["a.md", "b.md", "image.db", "more/.github/c.yml"]);
  expect(NAMES.map((name) => folder.text(name))).toEqual(["first", "second", "third"]);
  expect(folder.bytes("image.db")).toEqual(Buffer.from("bytes"));
});

test("a folder whose files are all texts does not have to be there", () => {
  const built = join(temporaryFolder(), "texts");
  writeTexts(built, makeFolder({ "a.md": "first" }));
  expect(open(built).names()).toEqual(["a.md"]);
  expect(open(built).text("a.md")).toBe("first");
  expect(() => open(built).text("constructor")).toThrow("ENOENT");
});
