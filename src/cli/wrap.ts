/** Fewer characters in a line cannot be read. */
const NARROWEST = 20;

/**
 * Breaks a text into lines at its spaces. A word that is longer than a line has a line of its own.
 * @param width the largest number of characters in a line
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Breaks a text behind a prefix; its other lines begin below its first word.
 * @param columns of the terminal; `undefined` for what is no terminal, which gets one line
 */
export function wrapAfter(prefix: string, text: string, columns: number | undefined): string {
  const width = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, columns - prefix.length);
  return wrap(text, width)
    .map((line, index) => (index === 0 ? prefix : " ".repeat(prefix.length)) + line)
    .join("\n");
}
