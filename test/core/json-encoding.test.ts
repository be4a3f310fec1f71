import { expect, test } from "vitest";
import { decodeJson } from "../../src/core/json-encoding.ts";

const TEXT = '{"é":"😀"}';

test("decodes a text of one character, and none", () => {
  expect(decodeJson(Buffer.from("5"))).toBe("5");
  expect(decodeJson(Buffer.from("5", "utf16le"))).toBe("5");
  expect(decodeJson(Buffer.alloc(0))).toBe("");
});

test("ignores bytes that are too few for a character at the end of a wide encoding", () => {
  const swapped = Buffer.from(TEXT, "utf16le").swap16();
  expect(decodeJson(Buffer.concat([swapped, Buffer.from([0])]))).toBe(TEXT);
  expect(decodeJson(Buffer.from([0, 0, 0, 0x35, 0, 0]))).toBe("5");
});

test("takes a number beyond Unicode for a character that is not known", () => {
  expect(decodeJson(Buffer.from([0, 0, 0, 0x22, 0x7f, 0, 0, 0, 0, 0, 0, 0x22]))).toBe('"\u{FFFD}"');
});

test.each([
  [[0x22, 0xff], "Invalid UTF-8 start byte 0xff", 2],
  [[0x22, 0x80], "Invalid UTF-8 start byte 0x80", 2],
  [[0x22, 0xc3, 0xa9, 0xc3, 0x22], "Invalid UTF-8 middle byte 0x22", 3],
  [[0x22, 0xe2, 0x82], "Unexpected end-of-input in a character", 2],
  [[0x22, 0xed, 0xa0, 0x80, 0x22], "Invalid UTF-8 start byte 0xed", 2],
  [[0x22, 0xc0, 0x80, 0x22], "Invalid UTF-8 start byte 0xc0", 2],
])("says which byte is not UTF-8, and where: %j", (bytes, message, column) => {
  expect(() => decodeJson(Buffer.from(bytes))).toThrow(expect.objectContaining({ message, line: 1, column }));
});
