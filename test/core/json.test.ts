import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonReader, type JsonShape } from "../../src/core/json-reader.ts";
import {
  JsonSyntaxError,
  parseJson,
  parseJsonInSlices,
  parseStrictJson,
  RawJson,
  stringifyJson,
} from "../../src/core/json.ts";
import { nextTurn } from "../../src/core/slices.ts";

/** JSON documents and texts that are nearly JSON. */
const document = fc.oneof(
  fc.json({ noUnicodeString: false }),
  fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "-", ".", "e", "\\", " ", "0", "\u0000"),
    )
    .map(([text, at, inserted]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + inserted + text.slice(offset);
    }),
  fc.tuple(fc.json(), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
  fc.string({ unit: fc.constantFrom(...'{}[]":,0123456789.eE+-\\utrfn /\n') }),
);

/** The value, or the word for "no JSON". */
function attempt(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (error) {
    return error instanceof JsonSyntaxError || error instanceof SyntaxError ? "refused" : error;
  }
}

/** Puts something behind the text, because the strict reader ignores what follows a document. */
function framed(text: string): string {
  return `{"text":${text},"the end":true}`;
}

function toTheEnd(value: unknown): unknown {
  if (!Object.hasOwn(value as object, "the end")) throw new SyntaxError("the document ended before its end");
  return value;
}

describe("parseJson", () => {
  test("reads what JSON.parse reads, and refuses what it refuses", () => {
    fc.assert(
      fc.property(document, (text) => {
        const expected = attempt(() => JSON.parse(framed(text)));
        expect(attempt(() => toTheEnd(parseStrictJson(framed(text))))).toEqual(expected);
        expect(attempt(() => toTheEnd(parseJson(framed(text))))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test("keeps the text of raw parts, and what it means", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indentation) => {
        const text = JSON.stringify(value, undefined, indentation);
        const read = parseJson(`{"raw": ${text} , "other":1}`, { fields: { raw: "raw" } }) as { raw: RawJson };
        expect(read.raw.text).toBe(text);
        expect(read.raw.parse()).toEqual(JSON.parse(text));
        expect(stringifyJson(read)).toBe(`{"raw":${text},"other":1}`);
      }),
    );
  });

  test("never fails with anything but a syntax error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shape = { fields: { a: "raw" }, items: undefined } as const;
        expect(attempt(() => parseJson(text, shape))).not.toBeInstanceOf(Error);
      }),
    );
  });

  test.each([
    ['{"x":1.0}', '{"x":1.0}'],
    ["12345678901234567890", "12345678901234567890"],
    ['{"b":1,"10":2,"2":3}', '{"b":1,"10":2,"2":3}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
    ["NaN", '"NaN"'],
    ['[NaN,{"x":-Infinity},"NaN"]', '["NaN",{"x":"-Infinity"},"NaN"]'],
    [' "a" ', '"a"'],
  ])("cuts %s out as %s", (sent, text) => {
    expect((parseJson(sent, "raw") as RawJson).text).toBe(text);
  });

  test("cuts out fields, items and values of maps where the shape says so", () => {
    const shape = { fields: { list: { items: "raw" }, map: { values: "raw" }, plain: undefined } } as const;
    expect(parseJson('{"list":[1.0,null],"map":{"__proto__":2.0,"a":3},"plain":1.0}', shape)).toEqual({
      list: [new RawJson("1.0"), new RawJson("null")],
      map: new Map([
        ["__proto__", new RawJson("2.0")],
        ["a", new RawJson("3")],
      ]),
      plain: 1,
    });
  });

  test("finds a field by the name it has, escaped or not, and no other", () => {
    const shape = { fields: { raw: "raw" } } as const;
    expect(parseJson(String.raw`{"r\u0061w":1.0,"toString":2.0}`, shape)).toEqual({
      raw: new RawJson("1.0"),
      toString: 2,
    });
  });

  test("takes a list for no object", () => {
    expect(() => parseJson("[]", { fields: {} })).toThrow(JsonSyntaxError);
    expect(parseJson("[]", { items: undefined })).toEqual([]);
  });

  test("does not let a key change what an object is", () => {
    const read = parseJson('{"__proto__":{"polluted":true}}') as object;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.hasOwn(read, "__proto__")).toBe(true);
  });

  test("takes the last of several equal keys", () => {
    expect(parseJson('{"a":1,"b":2,"a":3}')).toEqual({ a: 3, b: 2 });
  });

  test.each([
    ["{} nonsense {", "Unrecognized token 'nonsense'"],
    ["1,2", "Unexpected character (',' (code 44))"],
    ["{} [", "START_ARRAY"],
    ["{}}", "END_OBJECT"],
    ["{} 5", "VALUE_NUMBER_INT"],
    ["{} 0.5", "VALUE_NUMBER_FLOAT"],
    ['{} "x"', "VALUE_STRING"],
    ["{} true", "VALUE_TRUE"],
    ["{} null", "VALUE_NULL"],
  ])("refuses what follows the value, unless it is strict: %s", (text, reason) => {
    expect(() => parseJson(text)).toThrow(reason);
    expect(() => parseStrictJson(text)).not.toThrow();
  });

  test("ignores white space after the value", () => {
    expect(parseJson(" {} \r\n\t")).toEqual({});
  });

  test("knows NaN and the infinities, unless it is strict", () => {
    expect(parseJson("[NaN,Infinity,-Infinity,-INF,+INF,+Infinity]")).toEqual([
      Number.NaN,
      Infinity,
      -Infinity,
      -Infinity,
      Infinity,
      Infinity,
    ]);
    expect((parseJson("[+INF,-INF,{}]", "raw") as RawJson).text).toBe('["Infinity","-Infinity",{}]');
    expect(() => parseStrictJson("NaN")).toThrow("Unrecognized token 'NaN'");
  });

  test("keeps the letters of a number where text is wanted", () => {
    const shape = { items: "text" } as const;
    expect(parseJson('[5.50,1e3,"x",true,null,NaN,[1.0]]', shape)).toEqual([
      "5.50",
      "1e3",
      "x",
      true,
      null,
      "NaN",
      [1],
    ]);
  });

  test.each([
    ["nope", 1, 1, "Unrecognized token 'nope'"],
    ['{\n  "a": tru }', 2, 8, "Unrecognized token 'tru'"],
    ['{"a" 1}', 1, 6, "colon"],
    ["[1 2]", 1, 4, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
    ['{"a":1', 1, 7, "Unexpected end-of-input: expected close marker for Object"],
    ['"a', 1, 1, "Unexpected end-of-input in VALUE_STRING"],
    ['"a\u0001"', 1, 1, "Illegal unquoted character ((CTRL-CHAR, code 1))"],
    ["{a:1}", 1, 2, "Unexpected character ('a' (code 97)): was expecting double-quote to start field name"],
    ["", 1, 1, "end-of-input"],
    ["[?]", 1, 2, "Unexpected character ('?' (code 63))"],
  ])("says what is wrong with %j and where", (text, line, column, reason) => {
    let thrown: unknown;
    try {
      parseJson(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(JsonSyntaxError);
    expect(thrown).toMatchObject({ line, column, message: expect.stringContaining(reason) as string });
  });

  test("reads 500 levels and refuses more, however many", () => {
    expect(() => parseJson("[".repeat(500) + "]".repeat(500))).not.toThrow();
    expect(() => parseJson("[".repeat(501) + "]".repeat(501))).toThrow("nesting depth (501)");
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow("nesting depth (501)");
  });

  test("reads many lists side by side, which is no depth", () => {
    expect(parseJson(`[${"[],".repeat(5_000)}[]]`)).toHaveLength(5_001);
  });
});

const words = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Reads a text with a pause after every few characters. */
function readWithPauses(text: string, shape: JsonShape, characters: number): { value: unknown; pauses: number } {
  const reader = new JsonReader(text, shape, words, 500);
  let pauses = 0;
  while (!reader.advance(characters)) pauses += 1;
  return { value: reader.result, pauses };
}

describe("a text that is read in slices", () => {
  const shapes = fc.constantFrom<JsonShape>("raw", undefined, { values: "raw" }, { items: { values: undefined } });

  test("is the same value, or has the same mistake, as read at once", () => {
    fc.assert(
      fc.property(document, shapes, fc.integer({ min: 1, max: 20 }), (text, shape, characters) => {
        const atOnce = attempt(() => parseStrictJson(text, shape));
        expect(attempt(() => readWithPauses(text, shape, characters).value)).toEqual(atOnce);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, string, JsonShape]>([
    ["many small values", `[${"1,".repeat(500_000)}1]`, undefined],
    ["many small values in a raw part", `{"inputs":[${'{"a":1},'.repeat(100_000)}1]}`, { fields: { inputs: "raw" } }],
    ["one long string", `"${"x".repeat(1_000_000)}"`, undefined],
    ["one long string in a raw part", `{"inputs":"${"x".repeat(1_000_000)}"}`, { fields: { inputs: "raw" } }],
  ])("pauses in proportion to its length: %s", (_, text, shape) => {
    const characters = 50_000;
    const { pauses } = readWithPauses(text, shape, characters);
    // A step is at most 16 KiB long.
    expect(pauses).toBeGreaterThan(text.length / (characters + 16 * 1024) - 1);
  });

  test("lets other work be done meanwhile", async () => {
    const reading = parseJsonInSlices(`[${"1,".repeat(1_000_000)}1]`);
    let turns = 0;
    let isRead = false;
    void reading.then(() => (isRead = true));
    while (!isRead) {
      await nextTurn();
      turns += 1;
    }
    expect(turns).toBeGreaterThan(5);
  });

  test("rejects what is wrong behind its first slice", async () => {
    const text = `[${"1,".repeat(300_000)}?]`;
    await expect(parseJsonInSlices(text)).rejects.toMatchObject({ line: 1, column: text.length - 1 });
    await expect(parseJsonInSlices("{} x")).rejects.toThrow("Unrecognized token 'x'");
  });
});

describe("stringifyJson", () => {
  test("writes what JSON.stringify writes of values without null", () => {
    const values = fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes("null"));
    fc.assert(
      fc.property(values, (value) => {
        expect(stringifyJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  test("leaves out fields that are null or absent, and keeps nulls in lists", () => {
    expect(stringifyJson({ a: null, b: undefined, c: [null, undefined], d: { e: null } })).toBe(
      '{"c":[null,null],"d":{}}',
    );
  });

  test("writes a raw null, which is a value that was given", () => {
    expect(stringifyJson({ a: new RawJson("null") })).toBe('{"a":null}');
    expect(stringifyJson(null)).toBe("null");
  });

  test("writes a map as an object whose keys are not special", () => {
    const map = new Map<string, unknown>([
      ["b", 1],
      ["__proto__", new RawJson("1.0")],
      ["2", null],
      ['"', 3],
    ]);
    expect(stringifyJson(map)).toBe(String.raw`{"b":1,"__proto__":1.0,"\"":3}`);
  });
});

test("raw JSON knows what it is", () => {
  expect(RawJson.of({ a: [1] })).toEqual(new RawJson('{"a":[1]}'));
  expect(new RawJson("{}").isObject).toBe(true);
  expect(new RawJson("[]").isObject).toBe(false);
  expect(new RawJson("null").isNull).toBe(true);
});
