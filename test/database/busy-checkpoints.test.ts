import { once } from "node:events";
import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { nextTurn } from "../../src/core/slices.ts";
import { BusyCheckpoints } from "../../src/database/busy-checkpoints.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";
import { SlicedDeletion } from "../../src/database/sliced-deletion.ts";

/** What is observed of a server's database while it is written to. */
async function createWorld(): Promise<{
  database: Database;
  path: string;
  checkpoints: BusyCheckpoints;
  errors: unknown[];
  /** Makes 20 commits of 1.2 MB together. */
  write(): void;
  /** Resolves when the thread has ended a checkpoint. */
  checkpointed(): Promise<unknown>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "opik-local-checkpoint-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "test.db");
  const events = new EventBus<object>({ now: () => 0, onListenerError: () => undefined });
  const database = openDatabase({ path, durability: "normal", events, now: new Date(0) });
  onTestFinished(() => database.close());
  database.prepare("CREATE TABLE things (text TEXT) STRICT").run();
  const insert = database.prepare<[string]>("INSERT INTO things VALUES (?)");
  const errors: unknown[] = [];
  const checkpoints = new BusyCheckpoints({ database, onError: (error) => errors.push(error) });
  onTestFinished(() => checkpoints.stop());
  database.checkpoint();
  const posted = vi.spyOn(Worker.prototype, "postMessage");
  onTestFinished(() => posted.mockRestore());
  let ended = 0;
  return {
    database,
    path,
    checkpoints,
    errors,
    write: () => {
      for (let time = 0; time < 20; time += 1) database.transaction(() => insert.run("x".repeat(60_000)));
    },
    checkpointed: async () => {
      const [worker] = posted.mock.contexts as Worker[];
      if (worker === undefined || posted.mock.calls.length === ended) return undefined;
      const message = await once(worker, "message");
      ended += 1;
      return message;
    },
  };
}

test("a long log is moved into the file by another thread, without an idle moment", async () => {
  const { database, path, errors, write, checkpointed } = await createWorld();
  for (let time = 0; time < 7; time += 1) write();
  expect(database.walPages()).toBeGreaterThan(2_000);
  await checkpointed();
  expect(database.walPages()).toBeLessThan(500);
  expect(statSync(path).size).toBeGreaterThan(6_000_000);
  expect(errors).toEqual([]);
});

test("a short log is left to idle moments", async () => {
  const { database, write, checkpointed } = await createWorld();
  for (let time = 0; time < 5; time += 1) write();
  expect(await checkpointed()).toBeUndefined();
  expect(database.walPages()).toBeGreaterThan(1_000);
});

test("a very long log begins anew", async () => {
  const { database, write, checkpointed } = await createWorld();
  for (let time = 0; time < 28; time += 1) write();
  // The first checkpoint may end before the last page is written; then there is a second one.
  let message: unknown;
  do message = await checkpointed();
  while (message !== undefined);
  expect(database.walState().log).toBeGreaterThan(8_000);
  write();
  expect(database.walState().log).toBeLessThan(1_000);
});

test("deletions of old rows wait until a long log has been moved to its end", async () => {
  const { database, errors, write } = await createWorld();
  const deletion = new SlicedDeletion(database, {
    ...{ table: "things", key: ["rowid"], condition: "rowid < +:time", order: "rowid" },
  });
  // In the place of the thread.
  const posted = vi.mocked(Worker.prototype.postMessage).mockImplementation(() => undefined);
  for (let time = 0; time < 30; time += 1) write();
  expect(posted).toHaveBeenCalledTimes(1);
  const [worker] = posted.mock.contexts as [Worker];
  expect(deletion.slice(2)).toEqual({ deleted: 1, hasMore: false });
  // What was written after it had begun remains.
  const begun = database.snapshot();
  write();
  database.checkpoint();
  begun.close();
  expect(database.walPages()).toBeGreaterThan(0);
  worker.emit("message", undefined);
  expect(posted).toHaveBeenCalledTimes(2);
  expect(deletion.slice(3)).toEqual({ deleted: 0, hasMore: true });
  database.checkpoint();
  worker.emit("message", undefined);
  expect(posted).toHaveBeenCalledTimes(2);
  expect(deletion.slice(3)).toEqual({ deleted: 1, hasMore: false });
  expect(database.walState().log).toBeLessThan(100);
  expect(errors).toEqual([]);
});

test("a log that has become far too long is moved to its end at once", async () => {
  const { database, errors, write } = await createWorld();
  const posted = vi.mocked(Worker.prototype.postMessage).mockImplementation(() => undefined);
  for (let time = 0; time < 110; time += 1) write();
  expect(database.walState().log).toBeGreaterThan(32_000);
  const [worker] = posted.mock.contexts as [Worker];
  worker.emit("message", undefined);
  expect(database.walPages()).toBe(0);
  expect(database.deletionsWait).toBe(false);
  expect(posted).toHaveBeenCalledTimes(1);
  expect(errors).toEqual([]);
});

test("the log's file stays within a limit while it is written to all the time", async () => {
  const { database, path, errors, write } = await createWorld();
  // In the place of the thread: what is written while it works is not moved, so the log never is at its end.
  let begun: Database | undefined;
  const posted = vi.mocked(Worker.prototype.postMessage).mockImplementation(() => {
    begun = database.snapshot();
  });
  const sizes: number[] = [];
  for (let time = 0; time < 240; time += 1) {
    write();
    const reader = begun;
    begun = undefined;
    if (reader === undefined) continue;
    write();
    database.checkpoint();
    reader.close();
    (posted.mock.contexts.at(-1) as Worker).emit("message", undefined);
    sizes.push(statSync(`${path}-wal`).size);
  }
  const limit = 32_000 * 4_096;
  expect(sizes.filter((size) => size > limit).length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(limit * 1.1);
  // Much more was written than the file is long.
  expect(statSync(path).size).toBeGreaterThan(limit * 2);
  expect(errors).toEqual([]);
});

test("a reader of old rows does not keep the thread busy for nothing", async () => {
  const { database, errors, write, checkpointed } = await createWorld();
  const snapshot = database.snapshot();
  for (let time = 0; time < 30; time += 1) write();
  await checkpointed();
  const posted = vi.mocked(Worker.prototype.postMessage).mock.calls.length;
  await nextTurn();
  expect(vi.mocked(Worker.prototype.postMessage).mock.calls).toHaveLength(posted);
  snapshot.close();
  expect(errors).toEqual([]);
});

test("a database that is closed after a checkpoint leaves no log behind", async () => {
  const { database, path, checkpoints, write, checkpointed } = await createWorld();
  for (let time = 0; time < 7; time += 1) write();
  await checkpointed();
  await checkpoints.stop();
  database.close();
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});

test("it stops while a checkpoint is under way", async () => {
  const { database, checkpoints, errors, write } = await createWorld();
  for (let time = 0; time < 7; time += 1) write();
  await checkpoints.stop();
  for (let time = 0; time < 7; time += 1) write();
  database.close();
  expect(errors).toEqual([]);
});
