import { expect, test } from "vitest";
import { RawJson } from "../../../../src/core/json.ts";
import { readPath, valueAt } from "../../../../src/opik/library/datasets/from-records/json-path.ts";

test("a path that names an element again and again has it once", () => {
  const depth = 40;
  const nested = new RawJson(`${"[".repeat(depth)}7${"]".repeat(depth)}`);
  const values = valueAt(nested, readPath("[0,-1]".repeat(depth)));
  expect(JSON.stringify(values)).toBe(JSON.stringify([new RawJson("7")]));
});
