import { copyFileSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteConnection from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";
import { PageCheck } from "../../src/database/page-check.ts";
import { createOpikLocal } from "../../src/server.ts";

const PAGE = 4_096;

/** A file of about 6 MB. @param isClosed whether it looks as its server has left it, or as after a crash */
function createFile({ isClosed }: { isClosed: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "opik-local.db");
  open(path).close();
  const sqlite = new SqliteConnection(path);
  const insert = sqlite.prepare("INSERT INTO executor_settings VALUES (?, ?)");
  sqlite.transaction(() => {
    for (let index = 0; index < 60; index += 1) insert.run(`large ${index}`, "x".repeat(100_000));
  })();
  if (!isClosed) sqlite.exec("INSERT INTO database_settings VALUES (999999999, '2026-01-01T00:00:00.000Z')");
  sqlite.close();
  return path;
}

function open(path: string): Database {
  const events = new EventBus<object>({ now: () => 0, onListenerError: expect.fail });
  return openDatabase({ path, durability: "normal", events, now: new Date(0) });
}

/** Overwrites the page where the inner nodes of a table begin to be far from its root. */
function damage(path: string): void {
  const sqlite = new SqliteConnection(path);
  const page = sqlite
    .prepare("SELECT max(pageno) FROM dbstat WHERE name = 'executor_settings' AND pagetype = 'leaf'")
    .pluck()
    .get() as number;
  sqlite.close();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(PAGE, 0xff), 0, PAGE, (page - 1) * PAGE);
}

describe("a large file", () => {
  test("that was closed well is trusted", () => {
    const database = open(createFile({ isClosed: true }));
    expect(database.mustBeChecked).toBe(false);
    database.close();
  });

  test("that was left by a crash is checked while the server runs, and is trusted after the next end", async () => {
    const path = createFile({ isClosed: false });
    const database = open(path);
    expect(database.mustBeChecked).toBe(true);
    const check = new PageCheck({ database, onDamaged: expect.fail });
    check.start();
    await check.finished;
    check.stop();
    database.close();
    expect(open(path).mustBeChecked).toBe(false);
  });

  test("whose log was left by a crash is checked", () => {
    const path = createFile({ isClosed: true });
    const writer = new SqliteConnection(path);
    writer.exec("INSERT INTO executor_settings VALUES ('more', 'x')");
    const crashed = `${path}.crashed`;
    for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, crashed + suffix);
    writer.close();
    const database = open(crashed);
    expect(database.mustBeChecked).toBe(true);
    database.close();
  });

  test("that is damaged is found by the check: writes are refused, reads go on", async () => {
    const path = createFile({ isClosed: false });
    damage(path);
    const server = createOpikLocal({ config: { database: path } });
    onTestFinished(() => server.stop());
    const found = await new Promise((resolve) => void server.events.on("database:damaged", resolve));
    expect(found).toMatchObject({ path, damage: expect.stringMatching(/^page \d+ of executor_settings$/) });
    const url = "/v1/private/projects";
    expect((await server.app.request(url)).status).toBe(200);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"a"}' };
    expect((await server.app.request(url, init)).status).toBe(503);
  });

  test("that lacks its end is refused", () => {
    const path = createFile({ isClosed: true });
    const { size } = statSync(path);
    truncateSync(path, size - 10 * PAGE);
    expect(() => open(path)).toThrow(/is not an intact SQLite database\. It was left as it is/);
    expect(statSync(path).size).toBe(size - 10 * PAGE);
  });

  test("stops its check with the server", async () => {
    const database = open(createFile({ isClosed: false }));
    const check = new PageCheck({ database, onDamaged: expect.fail });
    check.start();
    check.stop();
    database.close();
    await check.finished;
  });
});
