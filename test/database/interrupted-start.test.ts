import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";

const FILE = "opik-local.db";
const OPEN_ONCE = fileURLToPath(new URL("open-once.ts", import.meta.url));

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

/** Expects a server to start on what a killed one has left, and to find a new database. */
function expectNewDatabase(path: string): void {
  const database = open(path);
  expect(database.prepare("PRAGMA journal_mode").pluck().get()).toBe("wal");
  expect(database.prepare("SELECT count(*) FROM projects").pluck().get()).toBe(0);
  database.close();
}

function copyFiles(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

function contents(folder: string) {
  return readdirSync(folder).map((name) => {
    const file = join(folder, name);
    return { name, bytes: readFileSync(file, "base64"), changedAt: statSync(file).mtimeMs };
  });
}

/**
 * What is on the disk before and after each statement of a start that makes a new database.
 * @returns folders, each with a copy of the files
 */
function copiesOfEachStep(): string[] {
  const parent = temporaryFolder();
  const folder = join(parent, "live");
  mkdirSync(folder);
  const copies = new Map<string, string>();
  const copy = (): void => {
    const state = JSON.stringify(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));
    if (copies.has(state)) return;
    const to = join(parent, String(copies.size));
    copyFiles(folder, to);
    copies.set(state, to);
  };
  const spies = (["exec", "pragma"] as const).map((method) => {
    const original = SqliteConnection.prototype[method];
    return vi.spyOn(SqliteConnection.prototype, method).mockImplementation(function (
      this: unknown,
      ...parameters: unknown[]
    ) {
      copy();
      const result: unknown = Reflect.apply(original, this, parameters);
      copy();
      return result as never;
    });
  });
  try {
    open(join(folder, FILE)).close();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return [...copies.values()];
}

/**
 * Makes a database with a change that is on the disk and in the journal, but not committed, as a killed process
 * leaves it.
 * @param committed statements before it; none: the change is the making of the file
 */
function interruptChange(committed: string): string {
  const parent = temporaryFolder();
  const folder = join(parent, "killed");
  mkdirSync(join(parent, "live"));
  const writer = new SqliteConnection(join(parent, "live", FILE));
  writer.exec(committed);
  // More than fits into the cache goes to the disk before the commit.
  writer.exec(
    "PRAGMA cache_size = 1; BEGIN; CREATE TABLE half_made (x); INSERT INTO half_made VALUES (zeroblob(100000))",
  );
  writer.exec("UPDATE half_made SET x = zeroblob(200000)");
  copyFiles(join(parent, "live"), folder);
  writer.close();
  expect(statSync(join(folder, `${FILE}-journal`)).size).toBeGreaterThan(0);
  return folder;
}

describe("a start after one that was killed", () => {
  test("succeeds whichever statement of the making was the last", () => {
    const copies = copiesOfEachStep();
    const states = new Set(copies.map((folder) => readdirSync(folder).join(" ")));
    expect(states).toContain("opik-local.db opik-local.db.lock");
    expect(states).toContain("opik-local.db opik-local.db-shm opik-local.db-wal opik-local.db.lock");
    for (const folder of copies) expectNewDatabase(join(folder, FILE));
  });

  test("succeeds when the first pages were written and not committed", () => {
    const folder = interruptChange("");
    expect(statSync(join(folder, FILE)).size).toBeGreaterThan(0);
    expectNewDatabase(join(folder, FILE));
    expect(existsSync(join(folder, `${FILE}-journal`))).toBe(false);
  });

  test("succeeds when nothing but the journal was written", () => {
    const folder = interruptChange("");
    writeFileSync(join(folder, FILE), "");
    expectNewDatabase(join(folder, FILE));
  });

  test.for([
    ["another program's", "CREATE TABLE cookies (x); INSERT INTO cookies VALUES (1)"],
    ["a newer version's", "CREATE TABLE future (x); PRAGMA user_version = 9999"],
  ] as const)("leaves %s file with an unfinished change as it is, and says why", ([, committed]) => {
    const folder = interruptChange(committed);
    const path = join(folder, FILE);
    const before = contents(folder);
    expect(() => open(path)).toThrow(
      `${path} has an unfinished change of another program (${path}-journal). It was left as it is; end that program, open and close the file once with the sqlite3 shell, which undoes the change, or choose another file with --db.`,
    );
    expect(contents(folder)).toEqual(before);
  });

  test("takes no rows from the log of a file that was deleted", () => {
    const parent = temporaryFolder();
    const path = join(parent, "live", FILE);
    mkdirSync(join(parent, "live"));
    const database = open(path);
    database.prepare("CREATE TABLE left_over (x TEXT) STRICT").run();
    copyFiles(join(parent, "live"), join(parent, "killed"));
    database.close();
    const left = join(parent, "killed", FILE);
    rmSync(left);
    expect(statSync(`${left}-wal`).size).toBeGreaterThan(0);
    const started = open(left);
    const tables = started.prepare("SELECT name FROM sqlite_master WHERE name = 'left_over'").all();
    expect(tables).toEqual([]);
    expect(started.prepare("PRAGMA integrity_check").pluck().get()).toBe("ok");
  });

  test("ignores a journal that SQLite has finished with", () => {
    const path = join(temporaryFolder(), FILE);
    const writer = new SqliteConnection(path);
    writer.exec("PRAGMA journal_mode = PERSIST; CREATE TABLE x (y); DROP TABLE x");
    writer.close();
    expect(statSync(`${path}-journal`).size).toBeGreaterThan(0);
    expectNewDatabase(path);
  });

  // Each change in the folder is a moment of its own: the lock, its journal, the file, its journal, the log, ...
  test.for([1, 2, 4, 6, 8, 11])("succeeds after a kill at change %i in the folder", async (count) => {
    const folder = temporaryFolder();
    const path = join(folder, FILE);
    const child = spawn(process.execPath, [OPEN_ONCE, path], { stdio: ["ignore", "ignore", "inherit"] });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    let changes = 0;
    const watcher = watch(folder, () => {
      changes += 1;
      if (changes === count) child.kill("SIGKILL");
    });
    await exited;
    watcher.close();
    expect(changes).toBeGreaterThanOrEqual(count);
    expectNewDatabase(path);
  });
});
