/**
 * Reads a whole number as Java's `Integer.parseInt` does: a sign, then digits of any script (`٣` is 3), each of them one
 * UTF-16 unit.
 * @returns `undefined` when the text is none; not checked for a range
 */
export function parseJavaInteger(text: string): number | undefined {
  if (!/^[+-]?(?:(?![\u{10000}-\u{10FFFF}])\p{Nd})+$/u.test(text)) return undefined;
  return Number(text.replaceAll(/[^\d+-]/g, (digit) => String(valueOf(digit))));
}

/** Digits 0 to 9 of a script follow each other, from a code point that ends in 0 or in 6. */
function valueOf(digit: string): number {
  const code = digit.charCodeAt(0);
  const row = code - (code % 16);
  return /\p{Nd}/u.test(String.fromCharCode(row)) ? code - row : code - row - 6;
}
