import { isUuid } from "../../core/ids.ts";
import { OpikError } from "./errors.ts";

/** Where a UUID says which version it is. */
const VERSION_DIGIT = 14;

/**
 * Checks that an id that a client chose is a UUIDv7: lists are ordered by ids, which must contain the time [opik 7.4].
 * @param label what the real server calls the thing in its error
 * @throws OpikError 400
 */
export function requireVersion7(id: string, label: string): void {
  if (id[VERSION_DIGIT] === "7") return;
  throw OpikError.message(400, "Invalid UUID for id", `${label} id must be a version 7 UUID`);
}

/** Whether a text is a UUIDv7 in lower case. */
export function isVersion7(text: string): boolean {
  return isUuid(text) && text[VERSION_DIGIT] === "7";
}
