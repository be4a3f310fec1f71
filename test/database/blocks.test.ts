import fc from "fast-check";
import { expect, test } from "vitest";
import { type Block, placeOf, totalOf } from "../../src/database/blocks.ts";

test("finds each row of a list, also when several owners have rows in one block", () => {
  const rows = fc.array(fc.record({ key: fc.integer({ min: 0, max: 20 }), owner: fc.constantFrom("a", "b") }));
  fc.assert(
    fc.property(rows, (rows) => {
      const list = rows.map(({ key }) => key).toSorted((a, b) => b - a);
      const blocks = [...Map.groupBy(rows, ({ key, owner }) => `${Math.floor(key / 4)} ${owner}`)].map(
        ([name, { length }]): Block => ({ block: Number.parseInt(name, 10), count: length }),
      );
      expect(totalOf(blocks)).toBe(list.length);
      for (let offset = 0; offset < list.length; offset += 1) {
        const { block, skip } = placeOf(blocks, offset)!;
        const rest = list.filter((key) => key < (block + 1) * 4);
        expect(rest.slice(skip)).toEqual(list.slice(offset));
        expect(skip).toBeLessThan(list.filter((key) => Math.floor(key / 4) === block).length);
      }
      expect(placeOf(blocks, list.length)).toBeUndefined();
    }),
  );
});
