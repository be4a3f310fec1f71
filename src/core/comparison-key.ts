/*
 * Names that Opik keeps in MySQL are compared by the collation utf8mb4_unicode_ci: without regard to case, accents
 * and blanks at the end [opik 7.1]. SQLite has no such collation and a key of the names is
 * stored instead, so that an index can make them unique.
 */

/** Combining marks: accents once a letter was decomposed. */
const MARKS = /\p{M}+/gu;

/** MySQL pads the shorter of two texts with blanks, and with nothing else. */
const BLANKS_AT_THE_END = / +$/;

/**
 * The text that equal names have in common: `"É "` and `"e"` have one, `"Straße"` and `"STRASSE"` have one.
 * It differs from the collation for letters that Unicode does not decompose (`æ` is not `ae`) and for characters
 * beyond the basic plane, which MySQL takes for one another.
 */
export function comparisonKey(name: string): string {
  return fold(name).replace(BLANKS_AT_THE_END, "");
}

/** The same without regard for the end, for a part of a name. */
export function fold(text: string): string {
  // Upper case first, because only that writes ß as two letters and makes the two forms of σ one.
  return withoutMarks(withoutMarks(text).toUpperCase()).toLowerCase();
}

function withoutMarks(text: string): string {
  return text.normalize("NFKD").replace(MARKS, "");
}
