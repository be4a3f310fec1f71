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
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { DatabaseUnusableError, describeSqliteError } from "../../src/database/errors.ts";
import { openDatabase } from "../../src/database/open.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(path: string, durability: "normal" | "full" = "normal"): Database {
  const events = new EventBus<object>({
    now: () => 0,
    onListenerError: (error) => {
      throw error;
    },
  });
  const database = openDatabase({ path, durability, events, now: NOW });
  onTestFinished(() => database.close());
  return database;
}

/** The message that the user sees. */
function refusal(path: string): string {
  try {
    open(path);
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseUnusableError);
    return (error as Error).message;
  }
  throw new Error(`${path} was opened`);
}

function setVersion(path: string, version: number): void {
  const file = new SqliteConnection(path);
  file.pragma(`user_version = ${version}`);
  file.close();
}

function overwrite(path: string, start: number, end: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0x55, start, end);
  writeFileSync(path, bytes);
}

function addProject(database: Database, id: string): void {
  database
    .prepare(
      `INSERT INTO projects (id, workspace, name, name_key, visibility, created_at, created_by, last_updated_at, last_updated_by)
       VALUES (:id, 'default', :id, :id, 'private', 0, 'admin', 0, 'admin')`,
    )
    .run({ id });
}

function projectIds(database: Database): unknown[] {
  return database.prepare("SELECT id FROM projects ORDER BY id").pluck().all();
}

describe("opening a database", () => {
  test("makes the file and its folder, and keeps them out of version control", () => {
    const folder = join(temporaryFolder(), "new", ".opik-local");
    open(join(folder, "opik-local.db"));
    expect(existsSync(join(folder, "opik-local.db"))).toBe(true);
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("adds nothing to a folder that is there", () => {
    const folder = temporaryFolder();
    open(join(folder, "opik-local.db"));
    expect(existsSync(join(folder, ".gitignore"))).toBe(false);
  });

  test("finds what was stored before", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    const first = open(path);
    addProject(first, "a");
    first.close();
    expect(projectIds(open(path))).toEqual(["a"]);
  });

  test("takes an empty file for a new one", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    writeFileSync(path, "");
    expect(projectIds(open(path))).toEqual([]);
  });

  test("uses a write-ahead log, checks references, and flushes as the setting says", () => {
    const folder = temporaryFolder();
    const settingsOf = (database: Database) =>
      ["journal_mode", "foreign_keys", "synchronous"].map((name) => database.prepare(`PRAGMA ${name}`).pluck().get());
    expect(settingsOf(open(join(folder, "normal.db")))).toEqual(["wal", 1, 1]);
    expect(settingsOf(open(join(folder, "full.db"), "full"))).toEqual(["wal", 1, 2]);
  });

  test("keeps nothing of a database in memory", () => {
    const first = open(":memory:");
    addProject(first, "a");
    expect(projectIds(open(":memory:"))).toEqual([]);
  });

  test.each([
    ["a wipe", (database: Database) => database.wipe()],
    ["a wipe of a workspace", (database: Database) => database.wipeWorkspace("default")],
  ])(
    "keeps what a statement would undo in memory, but in a file for %s, which changes any number of rows",
    (_, change) => {
      const database = open(join(temporaryFolder(), "local.db"));
      const [inFile, inMemory] = [0, 2];
      const place = (): unknown => database.prepare("PRAGMA temp_store").pluck().get();
      const places: unknown[] = [place()];
      database.onCommit(() => places.push(place()));
      change(database);
      expect([...places, place()]).toEqual([inMemory, inFile, inMemory]);
    },
  );
});

describe("a database that cannot be used", () => {
  test("is refused when a server of this process has it", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    const first = open(path);
    expect(refusal(path)).toBe(
      `${path} is in use by another opik-local (process ${process.pid}, since 2026-01-02T03:04:05.000Z). Stop that one, or choose another file with --db.`,
    );
    addProject(first, "a");
    first.close();
    expect(projectIds(open(path))).toEqual(["a"]);
  });

  test.skipIf(process.platform === "win32").for([
    ["is there", "a.db"],
    ["is not there yet", "b.db"],
  ] as const)("is refused under the name of a link to it, when it %s", ([, name]) => {
    const folder = temporaryFolder();
    open(join(folder, "a.db")).close();
    mkdirSync(join(folder, "links"));
    const link = join(folder, "links", "link.db");
    symlinkSync(join("..", name), link);
    const first = open(link);
    expect(refusal(join(folder, name))).toContain("is in use by another opik-local");
    first.close();
    open(join(folder, name));
    expect(refusal(link)).toContain("is in use by another opik-local");
    expect(readdirSync(join(folder, "links"))).toEqual(["link.db"]);
  });

  test("is refused while another process has it, and free when that one was killed", async () => {
    const path = join(temporaryFolder(), "opik-local.db");
    const holder = spawn(process.execPath, [fileURLToPath(new URL("hold.ts", import.meta.url)), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void holder.kill("SIGKILL"));
    await new Promise((resolve, reject) => {
      holder.stdout.once("data", resolve);
      holder.once("exit", () => reject(new Error("the holder ended")));
    });
    expect(refusal(path)).toContain(`process ${holder.pid}, since 2026-`);
    const exited = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await Promise.all([exited, text(holder.stdout)]);
    expect(projectIds(open(path))).toEqual(["of the holder"]);
  });

  test("is left untouched when it was written by a newer version", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    const newer = new SqliteConnection(path);
    newer.exec("CREATE TABLE future (x); PRAGMA user_version = 9999");
    newer.close();
    const before = readFileSync(path);
    expect(refusal(path)).toMatch(
      /was written by a newer opik-local \(schema 9999, this one knows \d+\)\. It was left as it is; update opik-local, or choose another file with --db\.$/,
    );
    expect(readFileSync(path)).toEqual(before);
  });

  test("is left untouched when it is another program's", () => {
    const path = join(temporaryFolder(), "cookies.db");
    const other = new SqliteConnection(path);
    other.exec("CREATE TABLE cookies (x)");
    other.close();
    const before = readFileSync(path);
    expect(refusal(path)).toBe(`${path} is a database of another program. Choose another file with --db.`);
    expect(readFileSync(path)).toEqual(before);
  });

  test("is left untouched when it is no database", () => {
    const path = join(temporaryFolder(), "letter.txt");
    writeFileSync(path, "Dear reader, ".repeat(1_000));
    expect(refusal(path)).toMatch(/is not an intact SQLite database\. It was left as it is/);
    expect(readFileSync(path, "utf8")).toBe("Dear reader, ".repeat(1_000));
  });

  test("is left untouched when it is damaged", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    const database = open(path);
    database.transaction(() => {
      for (let index = 0; index < 2_000; index += 1) addProject(database, `${index}`);
    });
    database.close();
    overwrite(path, 8_192, statSync(path).size - 4_096);
    const damaged = readFileSync(path);
    expect(refusal(path)).toMatch(/is (?:damaged|not an intact SQLite database).*It was left as it is/s);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  test("is not blamed for a lock that is damaged", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    writeFileSync(`${path}.lock`, "not a database".repeat(100));
    expect(refusal(path)).toContain(`${path}.lock is not an intact SQLite database.`);
    rmSync(`${path}.lock`);
    mkdirSync(`${path}.lock`);
    expect(refusal(path)).toContain(`${path}.lock cannot be opened.`);
    expect(existsSync(path)).toBe(false);
  });

  test("is named when it is a folder", () => {
    const path = join(temporaryFolder(), "folder");
    mkdirSync(path);
    expect(refusal(path)).toBe(`${path} is a folder. Name a file with --db, such as ${join(path, "opik-local.db")}.`);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test.skipIf(process.platform === "win32")("is named when it is a device", () => {
    expect(refusal("/dev/null")).toContain("/dev/null is not an ordinary file, but a pipe or device.");
    expect(existsSync("/dev/null.lock")).toBe(false);
  });

  test("is named when its folder cannot be made", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(refusal(join(file, "below", "opik-local.db"))).toContain(
      `cannot be opened: ${file} is not a folder. Choose another file with --db.`,
    );
  });

  test.for([
    ["a newer version's", (path: string) => setVersion(path, 9_999), /newer opik-local/],
    ["another program's", (path: string) => setVersion(path, 0), /another program/],
    ["damaged inside", (path: string) => overwrite(path, 8_192, 40_000), /is damaged/],
    ["damaged at the beginning", (path: string) => overwrite(path, 100, 3_000), /not an intact/],
    ["no database", (path: string) => overwrite(path, 0, 100), /not an intact/],
  ] as const)("that is %s has nothing new beside it afterwards", ([, spoil, sentence]) => {
    const folder = temporaryFolder();
    const path = join(folder, "opik-local.db");
    open(path).close();
    rmSync(`${path}.lock`);
    spoil(path);
    const before = [readFileSync(path, "base64"), statSync(path).mtimeMs, readdirSync(folder)];
    expect(refusal(path)).toMatch(sentence);
    expect([readFileSync(path, "base64"), statSync(path).mtimeMs, readdirSync(folder)]).toEqual(before);
  });

  test("keeps what a crash has left beside it", () => {
    const folder = temporaryFolder();
    const [path, crashed] = [join(folder, "opik-local.db"), join(folder, "crashed.db")];
    open(path).close();
    const writer = new SqliteConnection(path);
    writer.exec("CREATE TABLE future (x ANY) STRICT; PRAGMA user_version = 9999");
    for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, crashed + suffix);
    writer.close();
    const before = [readFileSync(crashed, "base64"), readFileSync(`${crashed}-wal`, "base64")];
    expect(refusal(crashed)).toContain("newer opik-local");
    expect([readFileSync(crashed, "base64"), readFileSync(`${crashed}-wal`, "base64")]).toEqual(before);
    expect(existsSync(`${crashed}.lock`)).toBe(false);
  });

  test("frees the lock when it is refused, so that a better file can follow", () => {
    const path = join(temporaryFolder(), "opik-local.db");
    writeFileSync(path, "no database");
    refusal(path);
    rmSync(path);
    expect(projectIds(open(path))).toEqual([]);
  });
});

describe("what SQLite says", () => {
  const sqliteError = (code: string): Error => Object.assign(new Error("x"), { code });

  test.each([
    ["SQLITE_FULL", /disk is full/],
    ["SQLITE_READONLY", /read-only/],
    ["SQLITE_READONLY_DIRECTORY", /read-only/],
    ["SQLITE_CANTOPEN", /cannot be opened/],
    ["SQLITE_NOTADB", /not an intact/],
    ["SQLITE_CORRUPT_INDEX", /not an intact/],
    ["SQLITE_BUSY_SNAPSHOT", /in use/],
    ["SQLITE_LOCKED", /in use/],
    ["SQLITE_IOERR_WRITE", /SQLITE_IOERR_WRITE/],
  ])("the message for %s names the file", (code, sentence) => {
    expect(describeSqliteError(sqliteError(code), "/data/x.db")).toMatch(sentence);
    expect(describeSqliteError(sqliteError(code), "/data/x.db")).toContain("/data/x.db");
  });

  test("other errors are not explained", () => {
    expect(describeSqliteError(sqliteError("SQLITE_CONSTRAINT"), "x")).toBeUndefined();
    expect(describeSqliteError(sqliteError("ENOENT"), "x")).toBeUndefined();
    expect(describeSqliteError(new Error("x"), "x")).toBeUndefined();
  });
});
