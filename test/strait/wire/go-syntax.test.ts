import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonSyntaxError, parseStrictJson } from "../../../src/core/json.ts";
import { findGoSyntaxFault } from "../../../src/strait/wire/go-syntax.ts";

test.each([
  ["", "unexpected EOF"],
  ['{"a":"b', "unexpected EOF"],
  ["12", undefined],
  ["-", "unexpected EOF"],
  ["{}} trailing", undefined],
  ["}", "invalid character '}' looking for beginning of value"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["{,}", "invalid character ',' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 2}', "invalid character '2' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["[01]", "invalid character '1' after array element"],
  ["[-x]", "invalid character 'x' in numeric literal"],
  ["[1.]", "invalid character ']' after decimal point in numeric literal"],
  ["[1e+]", "invalid character ']' in exponent of numeric literal"],
  ["[trve]", "invalid character 'v' in literal true (expecting 'u')"],
  ['["a\nb"]', String.raw`invalid character '\n' in string literal`],
  ['["\u0001"]', String.raw`invalid character '\x01' in string literal`],
  [String.raw`["\q"]`, "invalid character 'q' in string escape code"],
  [String.raw`["\u12x4"]`, String.raw`invalid character 'x' in \u hexadecimal character escape`],
  ["'a'", String.raw`invalid character '\'' looking for beginning of value`],
  ["\\", String.raw`invalid character '\\' looking for beginning of value`],
  ["ä", "invalid character 'Ã' looking for beginning of value"],
])("%j: %s", (text, fault) => {
  expect(findGoSyntaxFault(text)).toBe(fault);
});

test("a fault is found in exactly the texts that are refused", () => {
  const insertion = fc.constantFrom("", ",", "}", "]", ":", '"', "1", ".", "\\", "\n");
  fc.assert(
    fc.property(fc.json(), fc.nat(), insertion, (text, at, inserted) => {
      const place = at % text.length;
      const rest = text.slice(place + (inserted === "" ? 1 : 0));
      const changed = `[${text.slice(0, place)}${inserted}${rest}]`;
      expect(findGoSyntaxFault(changed) !== undefined).toBe(isRefused(changed));
    }),
    { numRuns: 1_000 },
  );
});

function isRefused(text: string): boolean {
  try {
    parseStrictJson(text);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(JsonSyntaxError);
    return true;
  }
}
