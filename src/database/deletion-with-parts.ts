import { inSlices } from "../core/slices.ts";
import type { Database } from "./database.ts";

/** The number of rows that are deleted at once, so that other requests are answered between. */
const DELETED_AT_ONCE = 500;

/** How things are deleted that have any number of parts. All of it is called in a transaction. */
export interface DeletionWithParts {
  /** Deletes at most so many parts of a thing; returns how many. */
  deleteParts(id: string, limit: number): number;
  /** Deletes a thing that has no parts any more; returns whether there was one. */
  deleteThing(id: string): boolean;
  /** What follows for things that are deleted. */
  follow(ids: readonly string[]): void;
}

/**
 * Deletes things with their parts, as many rows at once as do not stop the server. A thing goes with the last of its
 * parts: when the server stops before, it can be deleted again.
 */
export async function deleteWithParts(
  database: Database,
  ids: readonly string[],
  deletion: DeletionWithParts,
): Promise<void> {
  const left = [...ids];
  await inSlices(() => {
    database.transaction(() => deleteSome(left, deletion));
    return left.length > 0;
  });
}

/** Takes the ids of what is done out of the list. */
function deleteSome(left: string[], { deleteParts, deleteThing, follow }: DeletionWithParts): void {
  const deleted: string[] = [];
  let rows = 0;
  for (let id = left[0]; id !== undefined && rows < DELETED_AT_ONCE; id = left[0]) {
    rows += deleteParts(id, DELETED_AT_ONCE - rows);
    // There may be more parts.
    if (rows === DELETED_AT_ONCE) break;
    left.shift();
    rows += 1;
    if (deleteThing(id)) deleted.push(id);
  }
  if (deleted.length > 0) follow(deleted);
}
