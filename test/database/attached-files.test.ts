import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AttachedFiles, openAttachedFiles } from "../../src/database/attached-files.ts";

function temporaryDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), "attached-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "data.db");
}

async function textOf(files: AttachedFiles, id: string, start: number, end: number): Promise<string> {
  return new Response(files.read(id, { start, end })).text();
}

describe.for([
  ["beside the database", temporaryDatabase],
  ["in memory", (): undefined => undefined],
] as const)("files %s", ([, database]) => {
  test("are read as a whole and in parts", async () => {
    const files = openAttachedFiles(database(), "attachments");
    await files.write("a", Buffer.from("0123456789"));
    expect(await textOf(files, "a", 0, 9)).toBe("0123456789");
    expect(await textOf(files, "a", 2, 4)).toBe("234");
    await files.write("empty", Buffer.alloc(0));
    expect(await textOf(files, "empty", 0, -1)).toBe("");
  });

  test("are deleted, silently where there are none", async () => {
    const files = openAttachedFiles(database(), "attachments");
    await files.write("a", Buffer.from("x"));
    await files.delete("a");
    await files.delete("a");
    const read = textOf(files, "a", 0, 0).catch(() => "");
    expect(await read).toBe("");
  });

  test("are kept by a sweep when they are wanted", async () => {
    const files = openAttachedFiles(database(), "attachments");
    await files.write("kept", Buffer.from("kept"));
    await files.write("gone", Buffer.from("gone"));
    await files.sweep((id) => id === "kept");
    expect(await textOf(files, "kept", 0, 3)).toBe("kept");
    expect(await textOf(files, "gone", 0, 3).catch(() => "")).toBe("");
  });
});

test("the folder is made with the first file, and only its owner may read it", async () => {
  const database = temporaryDatabase();
  const folder = `${database}-attachments`;
  const files = openAttachedFiles(database, "attachments");
  await files.sweep(() => false);
  expect(existsSync(folder)).toBe(false);
  await files.write("a", Buffer.from("x"));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a file that cannot be written leaves nothing behind", async () => {
  const database = temporaryDatabase();
  writeFileSync(`${database}-attachments`, "");
  await expect(openAttachedFiles(database, "attachments").write("a", Buffer.from("x"))).rejects.toThrow();
});
