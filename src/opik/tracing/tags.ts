import { OpikError } from "../wire/errors.ts";
import { inSetOrder } from "../wire/text-set.ts";
import type { RecordUpdate } from "./schema.ts";
import { MAX_TAGS } from "./values.ts";

/** The fields of an update that change tags. */
type TagUpdate = Pick<RecordUpdate, "tags" | "tags_to_add" | "tags_to_remove">;

/**
 * The tags of a record after an update of several records: some are added and removed, or else all are replaced.
 * @param current the tags of the record as JSON, `null` when it has none
 * @param mergeTags whether `tags` are added instead
 * @returns the tags as JSON; `null` when the update is not about tags
 * @throws OpikError 422 when there would be too many
 */
export function changedTags(current: string | null, update: TagUpdate, mergeTags: boolean): string | null {
  const { tags, tags_to_add: added, tags_to_remove: removed } = update;
  const isReplaced = added === undefined && removed === undefined;
  if (isReplaced && tags === undefined) return null;
  const kept = isReplaced && !mergeTags ? [] : (JSON.parse(current ?? "[]") as string[]);
  const changed = new Set(kept);
  for (const tag of removed ?? []) changed.delete(tag);
  const grown = isReplaced ? tags : added;
  for (const tag of grown ?? []) changed.add(tag);
  if (grown !== undefined && changed.size > MAX_TAGS) {
    throw OpikError.errors(422, `Tag limit exceeded: maximum ${MAX_TAGS} tags per item`);
  }
  return JSON.stringify(inSetOrder(changed));
}
