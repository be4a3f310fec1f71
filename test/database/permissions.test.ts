import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";

const OPEN_ONCE = fileURLToPath(new URL("open-once.ts", import.meta.url));
const PRIVATE_FILES = {
  "opik-local.db": "600",
  "opik-local.db-shm": "600",
  "opik-local.db-wal": "600",
  "opik-local.db.lock": "600",
};

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(path: string): Database {
  const database = openDatabase({
    path,
    durability: "normal",
    events: new EventBus({ now: () => 0, onListenerError: () => undefined }),
    now: new Date(0),
  });
  onTestFinished(() => database.close());
  return database;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function modesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]));
}

describe.skipIf(process.platform === "win32")("the rights to the data", () => {
  test.for([0o000, 0o022, 0o277])("are the owner's alone under umask %o", (umask) => {
    const parent = temporaryFolder();
    const folder = join(parent, "new", ".opik-local");
    const script = `process.umask(${umask}); await import(${JSON.stringify(OPEN_ONCE)})`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script, join(folder, "opik-local.db")], {
      encoding: "utf8",
    });
    expect(child.stderr).toBe("");
    expect(JSON.parse(child.stdout)).toEqual({ ...PRIVATE_FILES, ".gitignore": "600" });
    expect([modeOf(join(parent, "new")), modeOf(folder)]).toEqual(["700", "700"]);
  });

  test("are taken from others in files that are there, and a folder that is there stays as it is", () => {
    const folder = join(temporaryFolder(), "shared");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const path = join(folder, "opik-local.db");
    open(path).close();
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o664);
    // A crash leaves these, too.
    writeFileSync(`${path}-wal`, "", { mode: 0o644 });
    writeFileSync(`${path}-shm`, "", { mode: 0o644 });
    open(path);
    expect(modesIn(folder)).toEqual(PRIVATE_FILES);
    expect(modeOf(folder)).toBe("755");
  });

  test("stay as they are for a file that is refused", () => {
    const path = join(temporaryFolder(), "letter.txt");
    writeFileSync(path, "Dear reader, ".repeat(1_000));
    chmodSync(path, 0o644);
    expect(() => open(path)).toThrow(/not an intact SQLite database/);
    expect(modeOf(path)).toBe("644");
  });
});
