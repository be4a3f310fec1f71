import { didYouMean } from "../../core/did-you-mean.ts";
import type { CommittedEvent } from "../../core/events.ts";
import { LocalError } from "../errors.ts";
import { EVENT_NAMES } from "./names.ts";
import { type EventSubject, subjectOf } from "./subject.ts";

/** The ids by which events are filtered. */
export const SUBJECTS = ["workspace", "project", "runner", "job", "run"] as const satisfies ReadonlyArray<
  keyof EventSubject
>;

/** Decides which events a client receives. */
export type EventFilter = (event: Pick<CommittedEvent, "name">, subject: EventSubject) => boolean;

/**
 * Reads a filter from a query.
 * @param names the names of events, with commas in between; a `*` at the end stands for anything, and no names for all
 * @throws LocalError 400 for a name that no event has
 */
export function readFilter(
  names: string | undefined,
  query: Readonly<Record<string, string | undefined>>,
): EventFilter {
  const wanted = names === undefined ? EVENT_NAMES : names.split(",").flatMap((name) => namesLike(name.trim()));
  const isWanted = new Set(wanted);
  const ids = SUBJECTS.flatMap((kind) => (query[kind] === undefined ? [] : [[kind, query[kind]] as const]));
  return ({ name }, subject) => isWanted.has(name) && ids.every(([kind, id]) => subject[kind] === id);
}

/** The filter, for an event whose subject is not known yet. */
export function passes(filter: EventFilter, event: CommittedEvent): boolean {
  return filter(event, subjectOf(event));
}

function namesLike(pattern: string): readonly string[] {
  const found = pattern.endsWith("*")
    ? EVENT_NAMES.filter((name) => name.startsWith(pattern.slice(0, -1)))
    : EVENT_NAMES.filter((name) => name === pattern);
  if (found.length > 0) return found;
  throw new LocalError(400, `There is no event "${pattern}".${didYouMean(pattern, EVENT_NAMES)}`);
}
