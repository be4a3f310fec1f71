import { isUtf8 } from "node:buffer";
import { JsonSyntaxError } from "./json.ts";

/**
 * Decodes the bytes of a JSON text as Opik's server does [opik 1.4]: UTF-8, UTF-16 or UTF-32, recognised by a byte
 * order mark or by zeros among the first bytes. A `charset` is ignored.
 * @throws JsonSyntaxError for bytes that are not UTF-8
 */
export function decodeJson(bytes: Buffer): string {
  const { encoding, start } = detectEncoding(bytes);
  const text = bytes.subarray(start);
  switch (encoding) {
    case "utf8":
      if (!isUtf8(text)) refuseUtf8(text);
      return text.toString("utf8");
    case "utf16le":
      return text.toString("utf16le");
    case "utf16be":
      return Buffer.from(text.subarray(0, text.length - (text.length % 2)))
        .swap16()
        .toString("utf16le");
    case "utf32le":
      return decodeUtf32(text, (offset) => text.readUInt32LE(offset));
    case "utf32be":
      return decodeUtf32(text, (offset) => text.readUInt32BE(offset));
  }
}

type Encoding = "utf8" | "utf16le" | "utf16be" | "utf32le" | "utf32be";

/** Byte order marks; that of UTF-32 begins with that of UTF-16. */
const MARKS: ReadonlyArray<readonly [Encoding, readonly number[]]> = [
  ["utf32le", [0xff, 0xfe, 0, 0]],
  ["utf32be", [0, 0, 0xfe, 0xff]],
  ["utf8", [0xef, 0xbb, 0xbf]],
  ["utf16le", [0xff, 0xfe]],
  ["utf16be", [0xfe, 0xff]],
];

/** Where zeros stand in a text that begins with ASCII, as all JSON does. */
const ZEROS: ReadonlyArray<readonly [Encoding, RegExp]> = [
  ["utf32be", /^000[^0]/],
  ["utf32le", /^[^0]000/],
  ["utf16be", /^0[^0]/],
  ["utf16le", /^[^0]0/],
];

function detectEncoding(bytes: Buffer): { encoding: Encoding; start: number } {
  // Nearly all bodies: the first two bytes are ASCII.
  if (isAscii(bytes[0]) && isAscii(bytes[1])) return { encoding: "utf8", start: 0 };
  for (const [encoding, mark] of MARKS) {
    if (mark.every((byte, index) => bytes[index] === byte)) return { encoding, start: mark.length };
  }
  const zeros = [...bytes.subarray(0, 4)].map((byte) => (byte === 0 ? "0" : "x")).join("");
  const found = ZEROS.find(([, pattern]) => pattern.test(zeros));
  return { encoding: found?.[0] ?? "utf8", start: 0 };
}

function isAscii(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0 && byte < 0x80;
}

function decodeUtf32(text: Buffer, read: (offset: number) => number): string {
  const characters: string[] = [];
  for (let offset = 0; offset + 4 <= text.length; offset += 4) {
    const code = read(offset);
    characters.push(code > 0x10ffff ? "\u{FFFD}" : String.fromCodePoint(code));
  }
  return characters.join("");
}

/** Says which byte does not fit, as Jackson does. */
function refuseUtf8(bytes: Buffer): never {
  let offset = 0;
  for (;;) {
    const length = lengthOfCharacter(bytes[offset] ?? 0);
    if (length === 0) fail(bytes, offset, `Invalid UTF-8 start byte ${hex(bytes[offset])}`);
    for (let index = 1; index < length; index += 1) {
      const byte = bytes[offset + index];
      if (byte === undefined) fail(bytes, offset, "Unexpected end-of-input in a character");
      if ((byte & 0xc0) !== 0x80) fail(bytes, offset, `Invalid UTF-8 middle byte ${hex(byte)}`);
    }
    // An overlong form or half a surrogate pair: its bytes are in order, what they mean is not.
    if (!isUtf8(bytes.subarray(offset, offset + length))) {
      fail(bytes, offset, `Invalid UTF-8 start byte ${hex(bytes[offset])}`);
    }
    offset += length;
  }
}

/** How many bytes a character has that begins with this one; 0 when none begins so. */
function lengthOfCharacter(first: number): number {
  if (first < 0x80) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf8) === 0xf0 ? 4 : 0;
}

function fail(bytes: Buffer, offset: number, reason: string): never {
  const before = bytes.subarray(0, offset).toString("utf8");
  throw new JsonSyntaxError(reason, before, before.length);
}

function hex(byte = 0): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
