import type { Writable } from "node:stream";

/** What moves the cursor, begins a command to the terminal, or turns the direction of writing. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;
const NAMES: Readonly<Record<string, string>> = { "\t": " ", "\n": "\\n", "\r": "\\r" };

/** Shows control characters instead of letting the terminal obey them: `\u001b`. */
export function showControls(text: string): string {
  return text.replace(CONTROL, (character) => NAMES[character] ?? escapeOf(character));
}

/**
 * Writes lines for people. They may quote text from outside (names in a fixture, an answer of a server), whose control
 * characters must not reach the terminal.
 */
export function print(stream: Writable, text: string): void {
  stream.write(`${text.split("\n").map(showControls).join("\n")}\n`);
}

/**
 * Writes JSON, or YAML of `toYaml`. Control characters stand only in quotes there, where the escape means the same;
 * white space may stand anywhere and stays.
 */
export function printData(stream: Writable, text: string): void {
  stream.write(`${showData(text).trimEnd()}\n`);
}

/** The same with data that comes in slices, the last of which ends with a line end. */
export async function printSlices(stream: Writable, slices: AsyncIterable<string>): Promise<void> {
  for await (const slice of slices) {
    // Called also when the output has no reader any more.
    await new Promise<void>((resolve) => stream.write(showData(slice), () => resolve()));
  }
}

function showData(text: string): string {
  return text.replace(CONTROL, (character) => (/\s/.test(character) ? character : escapeOf(character)));
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
