import { expect, test } from "vitest";
import { reused } from "../../src/http/schema.ts";

test("the same argument gets the same schema", () => {
  const list = reused((item: object) => ({ type: "array", item }));
  const [text, number] = [{ type: "string" }, { type: "number" }];
  expect(list(text)).toBe(list(text));
  expect(list(text)).toEqual({ type: "array", item: text });
  expect(list(number)).not.toBe(list(text));
});

test("arguments are the same by what they have in common, and so is none", () => {
  const text = reused((jsonSchema: object = {}) => ({ type: "string", ...jsonSchema }), JSON.stringify);
  expect(text({ format: "uuid" })).toBe(text({ format: "uuid" }));
  expect(text({ format: "uuid" })).toEqual({ type: "string", format: "uuid" });
  expect(text()).toBe(text());
  expect(text()).not.toBe(text({ format: "uuid" }));
});
