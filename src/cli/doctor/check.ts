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

export function ok(name: string, found: string): Check {
  return { name, state: "ok", found };
}

export function note(name: string, found: string, advice: string): Check {
  return { name, state: "note", found, advice };
}

export function problem(name: string, found: string, advice: string): Check {
  return { name, state: "problem", found, advice };
}
