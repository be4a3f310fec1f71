import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import type { Database } from "../../src/database/database.ts";
import { IdleCheckpoints } from "../../src/database/idle-checkpoint.ts";
import { openDatabase } from "../../src/database/open.ts";

/** A database in a file, and what it takes to fill its write-ahead log. */
async function createWorld(): Promise<{
  clock: VirtualClock;
  database: Database;
  checkpoints: IdleCheckpoints;
  errors: unknown[];
  /** Commits about 1.2 MB. */
  write(): void;
  /** The size of the file itself, without its log. */
  fileSize(): number;
}> {
  const folder = await mkdtemp(join(tmpdir(), "opik-local-checkpoint-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "test.db");
  const clock = new VirtualClock();
  const events = new EventBus<object>({ now: () => 0, onListenerError: () => undefined });
  const database = openDatabase({ path, durability: "normal", events, now: new Date(clock.now()) });
  onTestFinished(() => database.close());
  database.prepare("CREATE TABLE things (text TEXT) STRICT").run();
  const insert = database.prepare<[string]>("INSERT INTO things VALUES (?)");
  const errors: unknown[] = [];
  const checkpoints = new IdleCheckpoints({ clock, database, onError: (error) => errors.push(error) });
  database.checkpoint();
  return {
    clock,
    database,
    checkpoints,
    errors,
    write: () => database.transaction(() => insert.run("x".repeat(1_200_000))),
    fileSize: () => statSync(path).size,
  };
}

test("a long log is moved into the file one second after the last write", async () => {
  const { clock, database, write, fileSize } = await createWorld();
  for (let time = 0; time < 5; time += 1) {
    write();
    await clock.advance(999);
  }
  expect(fileSize()).toBeLessThan(2_000_000);
  expect(database.walPages()).toBeGreaterThan(1_000);
  await clock.advance(1);
  expect(fileSize()).toBeGreaterThan(6_000_000);
  expect(database.walPages()).toBe(0);
});

test("a short log waits until it is worth it", async () => {
  const { clock, database, write } = await createWorld();
  write();
  await clock.advance(60_000);
  expect(database.walPages()).toBeGreaterThan(200);
  for (let time = 0; time < 4; time += 1) write();
  await clock.advance(1_000);
  expect(database.walPages()).toBe(0);
});

test("a failure is reported, and the checkpoint is tried again", async () => {
  const { clock, database, errors, write } = await createWorld();
  for (let time = 0; time < 5; time += 1) write();
  const failure = new Error("disk full");
  vi.spyOn(database, "checkpoint").mockImplementationOnce(() => {
    throw failure;
  });
  await clock.advance(1_000);
  expect(errors).toEqual([failure]);
  await clock.advance(5_000);
  expect(database.walPages()).toBe(0);
});

test("after stopping the log is left alone", async () => {
  const { clock, database, checkpoints, write } = await createWorld();
  for (let time = 0; time < 5; time += 1) write();
  checkpoints.stop();
  write();
  await clock.advance(60_000);
  expect(database.walPages()).toBeGreaterThan(1_000);
});

test("a database in memory has no log, and sets no timers", () => {
  const clock = new VirtualClock();
  const events = new EventBus<object>({ now: () => 0, onListenerError: () => undefined });
  const database = openDatabase({ path: ":memory:", durability: "normal", events, now: new Date(clock.now()) });
  onTestFinished(() => database.close());
  const checkpoints = new IdleCheckpoints({ clock, database, onError: () => expect.unreachable() });
  onTestFinished(() => checkpoints.stop());
  database.transaction(() => database.prepare("CREATE TABLE things (text TEXT) STRICT").run());
  expect(clock.nextDueAt()).toBeUndefined();
});
