/** What was found out about one part. */
export interface Check {
  /** The part: `Node`, `port`. */
  name: string;
  /** A `note` need not be changed; with a `problem` something does not work. */
  state: "ok" | "note" | "problem";
  /** How it is. */
  found: string;
  /** What to do; of a note or a problem only. */
  advice?: string;
}

/**
 * A check that has found nothing wrong.
 * @param found what is there
 */
export function ok(name: string, found: string): Check {
  return { name, state: "ok", found };
}

/**
 * A check that has found something that may be meant so.
 * @param advice what to do if it is not
 */
export function note(name: string, found: string, advice: string): Check {
  return { name, state: "note", found, advice };
}

/**
 * A check that has found something that does not work.
 * @param advice how to correct it
 */
export function problem(name: string, found: string, advice: string): Check {
  return { name, state: "problem", found, advice };
}
