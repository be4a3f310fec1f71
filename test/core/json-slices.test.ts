import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonSlices, streamOf } from "../../src/core/json-slices.ts";
import { RawJson, stringifyJson } from "../../src/core/json.ts";
import { LongList } from "../../src/core/long-list.ts";

const MEBIBYTE = 1024 * 1024;

/** A list of parts, and how many of them have been read. */
function countedList<Item>(parts: ReadonlyArray<readonly Item[]>): { list: LongList<Item>; read: () => number } {
  let count = 0;
  const list = new LongList(function* () {
    for (const part of parts) {
      count += 1;
      yield part;
    }
  });
  return { list, read: () => count };
}

describe("slices of JSON", () => {
  test("are together what is written at once", () => {
    const json = fc.jsonValue().map((value) => value as unknown);
    fc.assert(
      fc.property(fc.oneof(json, fc.array(json), fc.dictionary(fc.string(), fc.array(json))), (value) => {
        expect([...jsonSlices(value)].join("")).toBe(stringifyJson(value));
      }),
    );
  });

  test.each([
    ["an empty list", new LongList(() => []), "[]"],
    ["empty parts", new LongList(() => [[], [1], []]), "[1]"],
    [
      "a list in an object",
      { page: 1, left_out: null, content: new LongList(() => [[1, 2], [3]]) },
      '{"page":1,"content":[1,2,3]}',
    ],
    ["a list deeper inside", { a: { b: new LongList(() => [[1]]) } }, '{"a":{"b":[1]}}'],
    ["raw JSON", [new RawJson("1.0")], "[1.0]"],
    ["a map", new Map([["a", [1]]]), '{"a":[1]}'],
    ["an object without fields", { a: undefined }, "{}"],
  ])("hold %s", (_, value, text) => {
    expect([...jsonSlices(value)].join("")).toBe(text);
    expect(stringifyJson(value)).toBe(text);
  });

  test("need no more of a list than they hold", () => {
    const { list, read } = countedList(Array.from({ length: 10 }, () => ["x".repeat(MEBIBYTE)]));
    const slices = jsonSlices({ content: list });
    for (let count = 1; count <= 3; count += 1) {
      expect(slices.next().value?.length).toBeLessThan(MEBIBYTE + 100);
      expect(read()).toBe(count);
    }
  });
});

describe("slices of a long raw part", () => {
  test("are as long as others, wherever it is", () => {
    const text = `"${"x".repeat(3 * MEBIBYTE)}"`;
    const slices = [...jsonSlices({ page: 1, content: [{ inputs: new RawJson(text) }] })];
    expect(slices.map(({ length }) => length)).toEqual([MEBIBYTE, MEBIBYTE, MEBIBYTE, expect.any(Number)]);
    expect(slices.join("")).toBe(`{"page":1,"content":[{"inputs":${text}}]}`);
  });

  test("are cut between characters", () => {
    const text = `"${"\u{1F600}".repeat(MEBIBYTE)}"`;
    const slices = [...jsonSlices([new RawJson(text)])];
    expect(slices.length).toBeGreaterThan(2);
    expect(Buffer.concat(slices.map((slice) => Buffer.from(slice))).equals(Buffer.from(`[${text}]`))).toBe(true);
  });
});

describe("a stream of slices", () => {
  test("makes a slice when its reader asks for one, and no more when it leaves", async () => {
    const { list, read } = countedList([["a"], ["b"], ["c"]]);
    const reader = streamOf([], list[Symbol.iterator](), () => undefined).getReader();
    expect(read()).toBe(0);
    expect((await reader.read()).value).toEqual(Buffer.from("a"));
    expect(read()).toBe(1);
    await reader.cancel();
    expect(read()).toBe(1);
  });

  test("gives up what its reader has not asked for, also when it has read nothing", async () => {
    let isClosed = false;
    const slices = (function* (): Generator<string, void> {
      try {
        yield "a";
        yield "b";
      } finally {
        isClosed = true;
      }
    })();
    const first = slices.next().value ?? "";
    await streamOf([first], slices, () => undefined).cancel();
    expect(isClosed).toBe(true);
  });

  test("is cut off where a slice cannot be made, and reports it", async () => {
    const errors: unknown[] = [];
    const failure = new Error("closed");
    const slices = new LongList(function* () {
      yield ["a"];
      throw failure;
    });
    const reader = streamOf([], slices[Symbol.iterator](), (error) => errors.push(error)).getReader();
    await reader.read();
    await expect(reader.read()).rejects.toBe(failure);
    expect(errors).toEqual([failure]);
  });
});
