import { afterEach, beforeEach, expect, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open.ts";
import type { RowMemory } from "../../src/database/row-memory.ts";

interface Thing {
  name: string;
}

let database: Database;
let memory: RowMemory<Thing>;
let reads: number;

beforeEach(() => {
  const events = new EventBus<object>({ now: () => 0, onListenerError: () => undefined });
  database = openDatabase({ path: ":memory:", durability: "normal", events, now: new Date(0) });
  memory = database.memory<Thing>("things");
  reads = 0;
});

afterEach(() => database.close());

function get(key: string): Readonly<Thing> | undefined {
  return memory.get(key, () => {
    reads += 1;
    return { name: key };
  });
}

test("reads a row once", () => {
  expect([get("a"), get("a"), get("b")]).toEqual([{ name: "a" }, { name: "a" }, { name: "b" }]);
  expect(reads).toBe(2);
});

test("reads a row again after it was dropped", () => {
  get("a");
  memory.drop("a");
  get("a");
  expect(reads).toBe(2);
});

test("does not keep that there is no row", () => {
  expect(memory.get("a", () => undefined)).toBeUndefined();
  expect(get("a")).toEqual({ name: "a" });
});

test("returns rows that cannot be changed", () => {
  expect(Object.isFrozen(get("a"))).toBe(true);
});

test("gives the same rows under the same name", () => {
  get("a");
  expect(database.memory("things")).toBe(memory);
  expect(database.memory("others")).not.toBe(memory);
});

test.each<[string, () => void]>([
  ["a transaction is undone", () => database.transaction(failing)],
  ["a part of a transaction is undone", () => database.transaction(() => quietly(() => database.attempt(failing)))],
  ["all rows are deleted", () => database.wipe()],
  ["the rows of a workspace are deleted", () => database.wipeWorkspace("default")],
  ["rows are replaced", () => database.restore(database.image())],
])("drops all rows when %s", (_, change) => {
  get("a");
  quietly(change);
  get("a");
  expect(reads).toBe(2);
});

test("keeps rows over a commit", () => {
  get("a");
  database.transaction(() => undefined);
  get("a");
  expect(reads).toBe(1);
});

function failing(): never {
  throw new Error("no");
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Only what follows is looked at.
  }
}
