import type { Order } from "../../../database/search.ts";
import { Sql } from "../../../database/sql.ts";
import { type Fields, stateField, textOf, timeField } from "../../search/fields.ts";
import type { Sorting } from "../../wire/sorting.ts";

/*
 * What lists of prompts and of their versions can be sorted and filtered by [opik 9.2].
 */

export const PROMPT_FIELDS: Fields = {
  javaName: "PromptField",
  fields: {
    id: stateField("id"),
    name: stateField("name"),
    description: stateField("description"),
    created_at: timeField("created_at"),
    last_updated_at: timeField("last_updated_at"),
    created_by: stateField("created_by"),
    last_updated_by: stateField("last_updated_by"),
    tags: stateField("tags_json"),
    version_count: { type: "number", sql: new Sql("version_count") },
    template_structure: { type: "enum", sql: textOf("template_structure") },
  },
};

export const VERSION_FIELDS: Fields = {
  javaName: "PromptVersionField",
  fields: {
    id: stateField("id"),
    commit: stateField("commit_hash"),
    version_number: { type: "number", sql: new Sql("number") },
    template: stateField("template"),
    change_description: stateField("change_description"),
    metadata: { type: "dictionary", sql: new Sql("metadata_json") },
    type: { type: "enum", sql: textOf("type") },
    tags: stateField("tags_json"),
    created_at: timeField("created_at"),
    created_by: stateField("created_by"),
  },
};

export const SORTABLE_PROMPT_FIELDS = [
  "id",
  "name",
  "description",
  "created_at",
  "last_updated_at",
  "created_by",
  "last_updated_by",
  "tags",
] as const;
export type SortablePromptField = (typeof SORTABLE_PROMPT_FIELDS)[number];

export const SORTABLE_VERSION_FIELDS = [
  "id",
  "commit",
  "template",
  "change_description",
  "type",
  "tags",
  "created_at",
  "created_by",
] as const;
export type SortableVersionField = (typeof SORTABLE_VERSION_FIELDS)[number];

/** The columns of fields whose names differ from those of their columns. */
const COLUMNS: Readonly<Record<string, string>> = { name: "name_key", tags: "tags_json", commit: "commit_hash" };

/** The order of a list of prompts, by default the newest id first. */
export function promptOrder(sorting: Sorting<SortablePromptField> | undefined): Order {
  return orderBy(sorting);
}

/** The order of a list of versions, by default the newest id first. */
export function versionOrder(sorting: Sorting<SortableVersionField> | undefined): Order {
  return orderBy(sorting);
}

function orderBy(sorting: Sorting<string> | undefined): Order {
  if (sorting === undefined || sorting.field === "id")
    return { columns: ["id"], descending: sorting?.descending ?? true };
  return { columns: [COLUMNS[sorting.field] ?? sorting.field, "id"], descending: sorting.descending };
}
