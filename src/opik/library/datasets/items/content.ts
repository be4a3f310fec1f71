import { stringifyJson } from "../../../../core/json.ts";
import { changedTags } from "../../../tracing/tags.ts";
import type { ItemChanges, ItemPatch, ItemUpdate, NewItem } from "./schema.ts";
import type { ItemContent } from "./store.ts";

/** A value as a column of JSON; `null` when it is absent. */
export function jsonColumn(value: unknown): string | null {
  return value === undefined ? null : stringifyJson(value);
}

/** What a request writes of an item, all of it. */
export function writtenContent(item: NewItem): ItemContent {
  return {
    source: item.source,
    trace_id: item.trace_id ?? null,
    span_id: item.span_id ?? null,
    data_json: item.data.text,
    description: item.description ?? null,
    tags_json: jsonColumn(item.tags),
    evaluators_json: jsonColumn(item.evaluators),
    execution_policy_json: jsonColumn(item.execution_policy),
  };
}

/** An item after a partial change: what is absent stays. */
export function patchedContent(content: ItemContent, patch: ItemPatch): ItemContent {
  return {
    source: patch.source ?? content.source,
    trace_id: patch.trace_id ?? content.trace_id,
    span_id: patch.span_id ?? content.span_id,
    data_json: patch.data?.text ?? content.data_json,
    description: patch.description ?? content.description,
    tags_json: jsonColumn(patch.tags) ?? content.tags_json,
    evaluators_json: jsonColumn(patch.evaluators) ?? content.evaluators_json,
    execution_policy_json: jsonColumn(patch.execution_policy) ?? content.execution_policy_json,
  };
}

/** An item after an edit of a list of changes. */
export function editedContent(
  content: ItemContent,
  { data, tags, evaluators, execution_policy }: NonNullable<ItemChanges["edited_items"]>[number],
): ItemContent {
  const unchanged = { source: undefined, trace_id: undefined, span_id: undefined, description: undefined };
  return patchedContent(content, { ...unchanged, data, tags, evaluators, execution_policy });
}

/**
 * An item after an update of several items.
 * @param mergeTags whether `tags` are added to those that it has
 * @throws OpikError 422 when it would have too many tags
 */
export function updatedContent(content: ItemContent, update: ItemUpdate, mergeTags: boolean): ItemContent {
  const clears = update.clear_execution_policy === true;
  return {
    ...content,
    data_json: update.data?.text ?? content.data_json,
    description: update.description ?? content.description,
    tags_json: changedTags(content.tags_json, update, mergeTags) ?? content.tags_json,
    evaluators_json: jsonColumn(update.evaluators) ?? content.evaluators_json,
    execution_policy_json: clears ? null : (jsonColumn(update.execution_policy) ?? content.execution_policy_json),
  };
}
