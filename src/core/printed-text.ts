import { stripVTControlCharacters } from "node:util";

/** What an agent has printed, for people: without its colours and links, and without the last line end. */
export function printedText(text: string): string {
  return stripVTControlCharacters(text).replace(/\r?\n$/, "");
}
