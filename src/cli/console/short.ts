import { stripVTControlCharacters } from "node:util";
import { showControls } from "../print.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Shortens an id for people: `0197…c3f1`. The first digits of a UUIDv7 are the date, which ids of the same weeks share,
 * so the last ones are shown as well.
 */
export function shortId(id: string): string {
  return `${id.slice(0, 4)}…${id.slice(-4)}`;
}

/** A path or a sentence with its ids shortened, so that it fits on a line. */
export function shortenIds(text: string): string {
  return text.replaceAll(UUID, shortId);
}

const MAX_LENGTH = 200;
/** How much of a text is looked at, however long it is. */
const MAX_SCANNED = 10 * MAX_LENGTH;
/** The beginning of a text, with the two halves of a character kept together. */
const BEGINNING = new RegExp(`^.{0,${MAX_LENGTH}}`, "su");

/**
 * Formats text from outside for one line of the console, cut to a limit. Colours and links are removed, other control
 * characters are shown as escapes: `\u0007`.
 */
export function onOneLine(text: string): string {
  const plain = stripVTControlCharacters(text.slice(0, MAX_SCANNED)).trimEnd();
  const [beginning = ""] = BEGINNING.exec(plain) ?? [];
  const shown = showControls(beginning);
  const isCut = beginning.length < plain.length || text.length > MAX_SCANNED;
  return isCut ? `${shown}…` : shown;
}
