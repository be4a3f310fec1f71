import { describe, expect, test } from "vitest";
import { createIdSource, isUuid, randomHex, randomUuid, uuidFromName } from "../../src/core/ids.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The milliseconds since the epoch in the first 48 bits. */
function timeOf(uuid: string): number {
  return Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16);
}

describe("an id source", () => {
  test("makes version 7 UUIDs that carry the clock's time", () => {
    const clock = new VirtualClock();
    const id = createIdSource(clock).uuid();
    expect(id).toMatch(UUID_V7);
    expect(timeOf(id)).toBe(clock.now());
  });

  test("makes each greater than all before it, while time stands still and when it moves", async () => {
    const clock = new VirtualClock();
    const ids = createIdSource(clock, "seed");
    const made: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      for (let count = 0; count < 1_000; count += 1) made.push(ids.uuid());
      await clock.advance(1);
    }
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
  });

  test("makes the same from the same seed and others from another", () => {
    const make = (seed?: string) => {
      const ids = createIdSource(new VirtualClock(), seed);
      return [ids.uuid(), randomHex(ids, 3), randomHex(ids, 100), ids.uuid()];
    };
    expect(make("a")).toEqual(make("a"));
    expect(make("a")).not.toEqual(make("b"));
    expect(make()).not.toEqual(make());
  });

  test("gives as many bytes as are asked for, and never the same again", () => {
    const ids = createIdSource(new VirtualClock(), "seed");
    expect([0, 1, 31, 32, 33, 1_000].map((size) => ids.bytes(size).length)).toEqual([0, 1, 31, 32, 33, 1_000]);
    expect(ids.bytes(32)).not.toEqual(ids.bytes(32));
  });
});

test("a random UUID is of version 4 and depends on the seed of its source", () => {
  const make = (seed: string): string => randomUuid(createIdSource(new VirtualClock(), seed));
  for (let count = 0; count < 100; count += 1) {
    expect(make(String(count))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(make("a")).toBe(make("a"));
  expect(make("a")).not.toBe(make("b"));
});

test("an id from a name depends on the name alone and is shaped like any other", () => {
  expect(uuidFromName("runner", "a")).toBe(uuidFromName("runner", "a"));
  expect(uuidFromName("runner", "a")).toMatch(UUID_V7);
  expect(uuidFromName("runner", "a")).not.toBe(uuidFromName("runner", "b"));
  expect(uuidFromName("a", "bc")).not.toBe(uuidFromName("ab", "c"));
});

test("only the canonical form is a UUID", () => {
  expect(isUuid("0190babc-62a0-71d2-832a-0feffa4676eb")).toBe(true);
  expect(isUuid("0190BABC-62a0-71d2-832a-0feffa4676eb")).toBe(false);
  expect(isUuid("0190babc62a071d2832a0feffa4676eb")).toBe(false);
  expect(isUuid("0190babc-62a0-71d2-832a-0feffa4676eb\n")).toBe(false);
  expect(isUuid("")).toBe(false);
});
