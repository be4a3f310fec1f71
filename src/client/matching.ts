/** A text that is found more than once, or not at all. */
export class NotFoundError extends Error {
  override readonly name: string = "NotFoundError";
}

/** As the console shortens ids: `0197…c3f1`; three dots do as well. */
const SHORT_ID = /^([0-9a-f-]*)(?:…|\.{2,3})([0-9a-f-]+)$/i;

/** How many names of other things a message has. */
const MAX_NAMED = 10;

/** Fewer characters of an id are ambiguous. */
const MIN_PART_LENGTH = 4;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is a whole UUID, in any case: users copy them from anywhere. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Whether a text means an id: all of it, its beginning, its end, or both as the console shows them. */
function meansId(text: string, id: string): boolean {
  const [, beginning, end] = SHORT_ID.exec(text) ?? [];
  if (beginning !== undefined && end !== undefined) return id.startsWith(beginning) && id.endsWith(end);
  if (id === text) return true;
  return text.length >= MIN_PART_LENGTH && (id.startsWith(text) || id.endsWith(text));
}

/**
 * Chooses the one thing that a text means: by its name, else by its id.
 * @param kind `runner`
 * @param nameOf the name by which people refer to it, if it has one
 * @throws NotFoundError when there is none, or several
 */
export function findOne<Thing extends { id: string }>(
  things: readonly Thing[],
  text: string,
  kind: string,
  nameOf: (thing: Thing) => string | undefined = () => undefined,
): Thing {
  const byName = things.filter((thing) => nameOf(thing) === text);
  const found = byName.length > 0 ? byName : things.filter(({ id }) => meansId(text, id));
  const [first] = found;
  if (first === undefined) throw new NotFoundError(`There is no ${kind} ${text}.${listNames(things, nameOf)}`);
  if (found.length > 1) {
    const ids = found.slice(0, 3).map(({ id }) => id);
    throw new NotFoundError(`${text} is several ${kind}s: ${ids.join(", ")}${found.length > 3 ? ", …" : ""}.`);
  }
  return first;
}

function listNames<Thing>(things: readonly Thing[], nameOf: (thing: Thing) => string | undefined): string {
  const names = [...new Set(things.flatMap((thing) => nameOf(thing) ?? []))];
  const more = names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} others` : "";
  return names.length === 0
    ? ""
    : ` There ${names.length === 1 ? "is" : "are"} ${names.slice(0, MAX_NAMED).join(", ")}${more}.`;
}
