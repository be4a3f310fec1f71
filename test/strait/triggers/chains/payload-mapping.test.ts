import { expect, test } from "vitest";
import { RawJson } from "../../../../src/core/json.ts";
import { mapPayload } from "../../../../src/strait/triggers/chains/payload-mapping.ts";

function map(source: string, mapping: string): string | undefined {
  return mapPayload(new RawJson(source), new RawJson(mapping))?.text;
}

const RESULT =
  '{"user":{"id":"u-1","age":1.0,"__proto__":7},"items":[{"n":12345678901234567890},[2]],"none":null,"a.b":1,"":5}';

test.each([
  ["fields by their paths, sorted by name", '{"z":"user.id","a":"user.age"}', '{"a":1.0,"z":"u-1"}'],
  ["items of lists by their numbers", '{"n":"items.0.n","two":"items.1.0"}', '{"n":12345678901234567890,"two":2}'],
  ["objects and lists whole", '{"all":"items"}', '{"all":[{"n":12345678901234567890},[2]]}'],
  ["how many items there are", '{"count":"items.#","of":"items.1.#"}', '{"count":2,"of":1}'],
  ["a field of each item that has it", '{"ns":"items.#.n","xs":"items.#.x"}', '{"ns":[12345678901234567890],"xs":[]}'],
  ["nothing for the number of fields", '{"x":"user.#"}', "{}"],
  ["names with dots", '{"x":"a\\\\.b"}', '{"x":1}'],
  ["names that mean something to JavaScript", '{"x":"user.__proto__","y":"user.constructor"}', '{"x":7}'],
  ["the field without a name", '{"x":""}', '{"x":5}'],
  ["nothing where there is nothing", '{"x":"none","y":"user.name","z":"user.id.x","w":"items.7","v":"items.n"}', "{}"],
  ["an empty object when nothing is asked for", "{}", "{}"],
])("a mapping gives %s", (_, mapping, expected) => {
  expect(map(RESULT, mapping)).toBe(expected);
});

test.each([
  ["a list", "[]"],
  ["null", "null"],
  ["an object with other things than paths", '{"x":1}'],
])("of a mapping that is %s, all is given", (_, mapping) => {
  expect(map(RESULT, mapping)).toBe(RESULT);
});

test.each(["[1]", '"text"', "1.0", "null"])("what is no object is given as it is: %s", (source) => {
  expect(map(source, '{"x":"y"}')).toBe(source);
});

test("what is nested too deeply to be read is given as it is", () => {
  const deep = `{"a":${"[".repeat(1_500)}${"]".repeat(1_500)}}`;
  expect(map(deep, '{"x":"a"}')).toBe(deep);
});

test("without a source or a mapping nothing is changed", () => {
  expect(mapPayload(undefined, new RawJson('{"x":"y"}'))).toBeUndefined();
  expect(mapPayload(new RawJson(RESULT), undefined)?.text).toBe(RESULT);
});
