import { joined, Sql, sql } from "../../database/sql.ts";

/** The longest pattern that SQLite compares; longer ones are an error there. */
const MAX_PATTERN_BYTES = 50_000;

/** A backslash, with the character that it takes the meaning from. */
const BACKSLASH = /\\[%_\\]?/g;

/**
 * Whether text contains a part, without regard to case. `%` and `_` in the part stand for any text and any character,
 * unless a backslash is before them; before other characters it is a character like them [opik 7.10].
 */
export function contains(text: Sql, part: string): Sql {
  const pattern = part.replaceAll(BACKSLASH, (found) => (found === "\\" ? "\\\\" : found));
  if (Buffer.byteLength(pattern) > MAX_PATTERN_BYTES - 2) return sql`instr(lower(${text}), lower(${part})) > 0`;
  return joined(
    casesOf(pattern).map((variant) => sql`${text} LIKE ${`%${variant}%`} ESCAPE '\\'`),
    " OR ",
  );
}

/** SQLite compares only the letters A to Z without regard to case: others are looked for in both. */
function casesOf(part: string): string[] {
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(part)) return [part];
  return [...new Set([part, part.toLowerCase(), part.toUpperCase()])];
}

/** Whether text begins with a part; the case counts. */
export function startsWith(text: Sql, part: string): Sql {
  return sql`substr(${text}, 1, ${[...part].length}) = ${part}`;
}

/** Whether text ends with a part; the case counts. */
export function endsWith(text: Sql, part: string): Sql {
  return sql`substr(${text}, ${-[...part].length}) = ${part}`;
}

/** Text whose letters A to Z are in lower case, as the real server compares it. */
export function lowerCased(text: Sql): Sql {
  return sql`lower(${text})`;
}

/** The same of a value. */
export function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The opposite of a condition. */
export function not(condition: Sql): Sql {
  return new Sql(`NOT (${condition.text})`, condition.values);
}
