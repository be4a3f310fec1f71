import { describe, expect, test } from "vitest";
import { RawJson } from "../../../src/core/json.ts";
import { checkAgainstSchema } from "../../../src/strait/wire/payload-schema.ts";

function mistake(value: unknown, schema: unknown): string | undefined {
  return checkAgainstSchema(RawJson.of(value), RawJson.of(schema));
}

function nested(depth: number, leaf: unknown): unknown {
  return depth === 0 ? leaf : { type: "array", items: nested(depth - 1, leaf) };
}

describe("the schema of payloads, results and outputs", () => {
  test.for([
    [{}, { type: "object" }, undefined],
    [[], { type: "object" }, "$ must be object"],
    [new RawJson("null"), { type: "object" }, "$ must be object"],
    [1, { type: "integer" }, undefined],
    [1.5, { type: "integer" }, "$ must be integer"],
    [1.5, { type: "number" }, undefined],
    ["1", { type: "number" }, "$ must be number"],
    [true, { type: "boolean" }, undefined],
    [new RawJson("null"), { type: "null" }, undefined],
    [{ b: 1 }, { type: "object", required: ["b", "a"] }, "$.a is required"],
    [
      { a: { b: "x" } },
      { type: "object", properties: { a: { type: "object", properties: { b: { type: "string" } } } } },
      undefined,
    ],
    [
      { a: [1, "2"] },
      { type: "object", properties: { a: { type: "array", items: { type: "integer" } } } },
      "$.a[1] must be integer",
    ],
    [{ a: 1 }, { type: "object", properties: { b: { type: "string" } } }, undefined],
    ["anything", { required: ["a"], properties: { a: { type: "string" } } }, undefined],
    ["a", { type: "string", enum: ["b"], pattern: "^c", minLength: 9 }, undefined],
    ["a", { type: "unheard-of" }, undefined],
    ["a", { type: "__defineGetter__" }, undefined],
    ["a", { type: "constructor" }, undefined],
    [
      1,
      "string",
      "invalid payload_schema: json: cannot unmarshal string into Go value of type map[string]interface {}",
    ],
  ] as const)("checks %j against %j", ([value, schema, expected]) => {
    expect(mistake(value, schema)).toBe(expected);
  });

  test("takes a missing payload for null", () => {
    expect(checkAgainstSchema(undefined, RawJson.of({ type: "null" }))).toBeUndefined();
    expect(checkAgainstSchema(undefined, RawJson.of({ type: "string" }))).toBe("$ must be string");
  });

  test("goes 32 levels deep and no further", () => {
    const value = (depth: number): unknown => (depth === 0 ? 1 : [value(depth - 1)]);
    expect(mistake(value(32), nested(32, { type: "integer" }))).toBeUndefined();
    expect(mistake(value(33), nested(33, { type: "integer" }))).toBe(
      `$${"[0]".repeat(33)} exceeds maximum schema nesting depth (32)`,
    );
  });
});
