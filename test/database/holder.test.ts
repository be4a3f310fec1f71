import { spawn } from "node:child_process";
import { linkSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const FILE = "opik-local.db";

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
    now: NOW,
  });
  onTestFinished(() => database.close());
  return database;
}

/** Opens the file in another process, which keeps it until it is killed. */
async function openInOtherProcess(path: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("hold.ts", import.meta.url)), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error("the other process ended")));
  });
  const kill = async (): Promise<void> => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await Promise.all([exited, text(child.stdout)]);
  };
  return { pid: child.pid ?? 0, kill };
}

/** A connection as a shell or a viewer has one, that has read something. */
function openInShell(path: string) {
  const shell = new SqliteConnection(path);
  onTestFinished(() => void shell.close());
  shell.prepare("SELECT count(*) FROM projects").get();
  return shell;
}

function projectIds(database: Database): unknown[] {
  return database.prepare("SELECT id FROM projects ORDER BY id").pluck().all();
}

describe("a second server is refused", () => {
  test("when the lock of the first was removed, in another process", async () => {
    const folder = temporaryFolder();
    const path = join(folder, FILE);
    const first = await openInOtherProcess(path);
    rmSync(`${path}.lock`);
    const before = readdirSync(folder);
    expect(() => open(path)).toThrow(`${path} is in use by another opik-local (process ${first.pid}, since 2026-`);
    expect(readdirSync(folder)).toEqual(before);
    await first.kill();
    expect(projectIds(open(path))).toEqual(["of the holder"]);
  });

  test("when the lock of the first was removed, in the same process", () => {
    const path = join(temporaryFolder(), FILE);
    open(path);
    rmSync(`${path}.lock`);
    const refusal = `${path} is in use by another opik-local (process ${process.pid}, since 2026-01-02T03:04:05.000Z).`;
    expect(() => open(path)).toThrow(refusal);
    expect(() => open(path)).toThrow(refusal);
  });

  test.skipIf(process.platform === "win32")("when it uses a hard link to the file, in another process", async () => {
    const folder = temporaryFolder();
    const [path, link] = [join(folder, FILE), join(folder, "link.db")];
    const first = await openInOtherProcess(path);
    linkSync(path, link);
    const before = [readdirSync(folder), statSync(path).mtimeMs];
    expect(() => open(link)).toThrow(`${link} is in use by another opik-local (process ${first.pid}, since 2026-`);
    expect([readdirSync(folder), statSync(path).mtimeMs]).toEqual(before);
    await first.kill();
    expect(projectIds(open(path))).toEqual(["of the holder"]);
  });

  test("when it uses a hard link to the file, in the same process", () => {
    const folder = temporaryFolder();
    const [path, link] = [join(folder, FILE), join(folder, "link.db")];
    const first = open(path);
    linkSync(path, link);
    expect(() => open(link)).toThrow(`${link} is in use by another`);
    first.close();
    expect(projectIds(open(link))).toEqual([]);
  });
});

describe("a file that a shell has open", () => {
  test("can be used by a server, after one that stopped and after one that was killed", async () => {
    const path = join(temporaryFolder(), FILE);
    open(path).close();
    openInShell(path);
    open(path).close();
    const killed = await openInOtherProcess(path);
    await killed.kill();
    expect(projectIds(open(path))).toEqual(["of the holder"]);
    openInShell(path);
  });

  test("is refused to a second server all the same", () => {
    const path = join(temporaryFolder(), FILE);
    open(path);
    openInShell(path);
    rmSync(`${path}.lock`);
    expect(() => open(path)).toThrow(`is in use by another opik-local (process ${process.pid},`);
  });

  test("can be read and written by it while the server runs", () => {
    const path = join(temporaryFolder(), FILE);
    const database = open(path);
    const shell = openInShell(path);
    shell.exec("CREATE TABLE of_the_shell (x)");
    expect(database.prepare("SELECT count(*) FROM of_the_shell").pluck().get()).toBe(0);
  });
});
